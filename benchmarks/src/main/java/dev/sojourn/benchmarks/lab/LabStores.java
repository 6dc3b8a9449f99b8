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

/** The stores for {@code --store}. Add a new one here. */
final class LabStores {
    /**
     * Database connections: more than the database's cores can use, and few enough for three labs within PostgreSQL's
     * limit of 100.
     */
    static final int POOL = 32;

    /** Enough for the sessions that a load generator creates in some minutes. */
    private static final long MAX_SESSIONS = 2_000_000;

    private static final long MAX_BYTES = 2L << 30;

    /** Less than the timeout of a store call, so that a request fails with the pool's error. */
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
     * Returns an opener for the store of a URL.
     *
     * @param pool how many connections to a database there are
     * @throws IllegalArgumentException if there is no such store; the message contains no password
     */
    static StoreOpener forUrl(String url, int pool, StoreUse use) {
        if (url.equals(StoreOption.MEMORY)) {
            return LabStores::memory;
        }
        if (url.startsWith(SQLITE)) {
            Path file = sqliteFile(url.substring(SQLITE.length()));
            return () -> withoutDriverMessage(() -> sqlite(file, use));
        }
        if (startsWithAny(url, DATABASES)) {
            checkDriver(url);
            return () -> withoutDriverMessage(() -> database(url, pool, use));
        }
        if (startsWithAny(url, REDIS)) {
            return () -> new OpenStore(
                    RedisStore.builder().uri(url).keyPrefix(use.keyPrefix()).build());
        }
        // The part after the scheme may contain a password, so it is not repeated.
        int colon = url.indexOf(':');
        throw new IllegalArgumentException("unknown store '" + (colon < 0 ? url : url.substring(0, colon + 1) + "…")
                + "'; use one of: memory, sealed, tokens, jdbc:sqlite:FILE, " + String.join("…, ", DATABASES) + "…, "
                + String.join("…, ", REDIS) + "…");
    }

    /**
     * Opens the store of a URL in the layout of Express's stores.
     *
     * @throws IllegalArgumentException if there is no such store for Express; the message contains no password
     * @throws StoreException if the store is unavailable; the message contains no password
     */
    static OpenStore express(String url, int pool) {
        if (url.equals(StoreOption.MEMORY)) {
            return memory();
        }
        if (url.startsWith("redis://") || url.startsWith("rediss://")) {
            return new OpenStore(ExpressRedisStore.connect(url));
        }
        if (url.startsWith("jdbc:postgresql:")) {
            checkDriver(url);
            return withoutDriverMessage(() -> {
                HikariDataSource source = pool(url, pool);
                return openOrClose(
                        source::close,
                        () -> ExpressPostgresStore.builder(source)
                                .createTableIfMissing()
                                .build());
            });
        }
        throw new IllegalArgumentException(
                "--format express supports memory, redis://…, rediss://… and jdbc:postgresql:…");
    }

    private static boolean startsWithAny(String url, List<String> prefixes) {
        return prefixes.stream().anyMatch(url::startsWith);
    }

    private static OpenStore memory() {
        return new OpenStore(MemoryStore.builder()
                .maxSessions(MAX_SESSIONS)
                .maxBytes(MAX_BYTES)
                .build());
    }

    private static Path sqliteFile(String named) {
        if (named.isEmpty() || named.startsWith(":") || named.startsWith("file:") || named.contains("?")) {
            throw new IllegalArgumentException(
                    "jdbc:sqlite: takes the path of a file and no options: the lab sets the options that sessions need");
        }
        return Path.of(named);
    }

    private static OpenStore sqlite(Path path, StoreUse use) {
        SqliteDataSource file = SqliteDataSource.open(path);
        return jdbc(file, file::close, use);
    }

    /** Throws if no driver accepts the URL. Retrying would not help. */
    private static void checkDriver(String url) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw new IllegalArgumentException("no driver accepts this jdbc: URL");
        }
    }

    private static OpenStore database(String url, int connections, StoreUse use) {
        HikariDataSource pool = pool(url, connections);
        return jdbc(pool, pool::close, use);
    }

    private static HikariDataSource pool(String url, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(POOL_MILLIS);
        return new HikariDataSource(config);
    }

    private static OpenStore jdbc(DataSource source, Runnable close, StoreUse use) {
        return openOrClose(
                close,
                () -> JdbcStore.builder(source)
                        .table(use.table())
                        .createTableIfMissing()
                        .build());
    }

    private static OpenStore openOrClose(Runnable close, Supplier<SessionStore> store) {
        try {
            return new OpenStore(store.get(), close);
        } catch (RuntimeException e) {
            close.run();
            throw e;
        }
    }

    /** Opens a store without a driver's message in failures, because it may quote the URL with its password. */
    private static OpenStore withoutDriverMessage(Supplier<OpenStore> opener) {
        try {
            return opener.get();
        } catch (StoreException | IllegalStateException e) {
            throw StoreException.notDone(String.valueOf(e.getMessage()), null);
        } catch (RuntimeException e) {
            throw StoreException.notDone("no connection to the database: check URL, user and password", null);
        }
    }
}
