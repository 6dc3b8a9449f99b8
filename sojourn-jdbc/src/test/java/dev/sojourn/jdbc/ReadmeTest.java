package dev.sojourn.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.Sessions;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.TestClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of README.md and of the pages in docs/guide/stores. */
class ReadmeTest {
    private static final String SECRET = "the secret of these tests, which no application would use 4711";

    @TempDir
    private Path folder;

    private static void assertWorks(Sessions sessions) {
        TestClient client = new TestClient(sessions);
        client.request(session -> session.set("user", "alice"));
        client.request(session -> assertThat(session.get("user", String.class)).isEqualTo("alice"));
    }

    @Test
    void the_example_with_a_pool_works() {
        PostgresServer server = SharedServers.postgres18();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl());
        config.setUsername(server.user());
        config.setPassword(server.password());
        config.setMaximumPoolSize(16);
        config.setConnectionTimeout(2_000); // below the store's timeout of 5 s
        config.setValidationTimeout(1_000);
        HikariDataSource pool = new HikariDataSource(config);

        SessionStore store = JdbcStore.builder(pool).createTableIfMissing().build();
        Sessions sessions = Sessions.create(c -> c.secret(SECRET).store(store));

        assertWorks(sessions);
        pool.close();
    }

    @Test
    void the_example_with_a_sqlite_file_works() {
        SqliteDataSource file = SqliteDataSource.open(folder.resolve("data/sessions.db"));
        SessionStore store = JdbcStore.builder(file).createTableIfMissing().build();
        Sessions sessions = Sessions.create(c -> c.secret(SECRET).store(store));

        assertWorks(sessions);
        file.close();
    }
}
