package dev.sojourn.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionStore;
import java.nio.file.Path;
import java.util.List;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * The code that the pages in docs/guide/stores show. It connects to servers of the reader, so it is only compiled;
 * {@link ReadmeTest} runs the same lines on the test servers.
 */
final class StoreGuideExamples {
    private StoreGuideExamples() {}

    static List<Sessions> memory() {
        Sessions sessions = Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")));

        Sessions larger = Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET"))
                .store(MemoryStore.builder()
                        .maxSessions(500_000)
                        .maxBytes(1L << 30)
                        .build()));
        return List.of(sessions, larger);
    }

    static Sessions h2() {
        JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:./data/sessions", "sa", "");
        SessionStore store = JdbcStore.builder(pool).createTableIfMissing().build();
        Sessions sessions =
                Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")).store(store));
        return sessions;
    }

    static Sessions mariadb() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:mariadb://db.internal/web");
        config.setUsername("web");
        config.setPassword(System.getenv("DB_PASSWORD"));
        config.setMaximumPoolSize(16);
        config.setConnectionTimeout(2_000); // below the store's timeout of 5 s
        config.setValidationTimeout(1_000);
        config.setConnectionInitSql("SET SESSION innodb_lock_wait_timeout = 3");

        SessionStore store = JdbcStore.builder(new HikariDataSource(config))
                .createTableIfMissing()
                .build();
        Sessions sessions =
                Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")).store(store));
        return sessions;
    }

    static Sessions postgresql() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://db.internal/web");
        config.setUsername("web");
        config.setPassword(System.getenv("DB_PASSWORD"));
        config.setMaximumPoolSize(16);
        config.setConnectionTimeout(2_000); // below the store's timeout of 5 s
        config.setValidationTimeout(1_000);

        SessionStore store = JdbcStore.builder(new HikariDataSource(config))
                .createTableIfMissing()
                .build();
        Sessions sessions =
                Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")).store(store));
        return sessions;
    }

    static Sessions sqlite() {
        SqliteDataSource file = SqliteDataSource.open(Path.of("data/sessions.db"));
        SessionStore store = JdbcStore.builder(file).createTableIfMissing().build();
        Sessions sessions =
                Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")).store(store));
        // at the end: file.close()
        return sessions;
    }
}
