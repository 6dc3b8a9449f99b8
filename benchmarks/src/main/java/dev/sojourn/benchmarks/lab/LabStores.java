package dev.sojourn.benchmarks.lab;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.MemoryStore;
import dev.sojourn.express.ExpressPostgresStore;
import dev.sojourn.express.ExpressRedisStore;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.jdbc.SqliteDataSource;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** The stores that {@code --store} can name. A new one is added here. */
final class LabStores {
    /** Connections to a database: more than its cores can work for, fewer than PostgreSQL's 100 for three labs. */
    static final int POOL = 32;

    /** Room for every session that a load generator makes in some minutes. */
    private static final long MOST_SESSIONS = 2_000_000;

    private static final long MOST_BYTES = 2L << 30;

    /** Less than a store call may take, so that a request hears of an empty pool. */
    private static final int POOL_MILLIS = 2_000;

    private static final String SQLITE = "jdbc:sqlite:";
    private static final List<String> DATABASES =
            List.of("jdbc:postgresql:", "jdbc:mariadb:", "jdbc:mysql:", "jdbc:h2:");
    private static final List<String> REDIS = List.of(
            "redis://",
            "rediss://",
            "redis-sentinel://",
            "rediss-sentinel://",
            "redis-cluster://",
            "rediss-cluster://");

    private LabStores() {}

    /**
     * The store of this name.
     *
     * @throws IllegalArgumentException if there is none; the message holds no password
     */
    static Opening named(String url, int pool) {
        if (url.equals("memory")) {
            return LabStores::memory;
        }
        if (url.startsWith(SQLITE)) {
            Path file = sqliteFile(url.substring(SQLITE.length()));
            return () -> answering(() -> sqlite(file));
        }
        if (begins(url, DATABASES)) {
            checkDriver(url);
            return () -> answering(() -> database(url, pool));
        }
        if (begins(url, REDIS)) {
            return () -> new OpenStore(RedisStore.connect(url));
        }
        // What stands behind the scheme may hold a password, so it is not repeated.
        int colon = url.indexOf(':');
        throw new IllegalArgumentException("there is no store '" + (colon < 0 ? url : url.substring(0, colon + 1) + "…")
                + "'; what there is: memory, jdbc:sqlite:FILE, " + String.join("…, ", DATABASES) + "…, "
                + String.join("…, ", REDIS) + "…");
    }

    /**
     * The store of this name as Express's stores lay it out.
     *
     * @throws IllegalArgumentException if Express has none such; the message holds no password
     * @throws StoreException if it does not answer; the message holds no password
     */
    static OpenStore express(String url, int pool) {
        if (url.equals("memory")) {
            return memory();
        }
        if (url.startsWith("redis://") || url.startsWith("rediss://")) {
            return new OpenStore(ExpressRedisStore.connect(url));
        }
        if (url.startsWith("jdbc:postgresql:")) {
            checkDriver(url);
            return answering(() -> {
                HikariDataSource source = pool(url, pool);
                return closingOnFailure(
                        source::close,
                        () -> ExpressPostgresStore.builder(source)
                                .createTableIfMissing()
                                .build());
            });
        }
        throw new IllegalArgumentException(
                "--format express goes with memory, redis://…, rediss://… and jdbc:postgresql:…");
    }

    private static boolean begins(String url, List<String> beginnings) {
        return beginnings.stream().anyMatch(url::startsWith);
    }

    private static OpenStore memory() {
        return new OpenStore(MemoryStore.builder()
                .maxSessions(MOST_SESSIONS)
                .maxBytes(MOST_BYTES)
                .build());
    }

    private static Path sqliteFile(String named) {
        if (named.isEmpty() || named.startsWith(":") || named.startsWith("file:") || named.contains("?")) {
            throw new IllegalArgumentException(
                    "jdbc:sqlite: takes the path of a file and no options: it is opened the way sessions need it");
        }
        return Path.of(named);
    }

    private static OpenStore sqlite(Path path) {
        SqliteDataSource file = SqliteDataSource.open(path);
        return over(file, file::close);
    }

    /** A URL that its driver cannot read will not become better by waiting. */
    private static void checkDriver(String url) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw new IllegalArgumentException("no driver can read this jdbc: URL");
        }
    }

    private static OpenStore database(String url, int connections) {
        HikariDataSource pool = pool(url, connections);
        return over(pool, pool::close);
    }

    private static HikariDataSource pool(String url, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(POOL_MILLIS);
        return new HikariDataSource(config);
    }

    private static OpenStore over(DataSource source, Runnable close) {
        return closingOnFailure(
                close, () -> JdbcStore.builder(source).createTableIfMissing().build());
    }

    private static OpenStore closingOnFailure(Runnable close, Supplier<SessionStore> store) {
        try {
            return new OpenStore(store.get(), close);
        } catch (RuntimeException e) {
            close.run();
            throw e;
        }
    }

    /** A driver's words may quote the URL, and so its password. */
    private static OpenStore answering(Supplier<OpenStore> opening) {
        try {
            return opening.get();
        } catch (StoreException | IllegalStateException e) {
            throw StoreException.notDone(String.valueOf(e.getMessage()), null);
        } catch (RuntimeException e) {
            throw StoreException.notDone("no connection to the database: look at URL, user and password", null);
        }
    }
}
