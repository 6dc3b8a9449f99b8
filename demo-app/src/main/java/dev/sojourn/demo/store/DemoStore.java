package dev.sojourn.demo.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.MemoryStore;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.jdbc.SqliteDataSource;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.nio.file.Path;
import javax.sql.DataSource;

/** An open store together with the connection pool below it. */
public final class DemoStore implements AutoCloseable {
    /** One connection for each request thread. */
    private static final int CONNECTIONS = 16;

    /** Less than the timeout of a store call, so that a request fails with the pool's error. */
    private static final int POOL_MILLIS = 2_000;

    private final SessionStore store;
    private final Runnable closePool;

    private DemoStore(SessionStore store, Runnable closePool) {
        this.store = store;
        this.closePool = closePool;
    }

    /**
     * Opens a store, and creates its database table if it is missing.
     *
     * @param url the store's URL
     * @return the open store
     * @throws IOException if the store cannot be used; the message contains the reason and no password
     */
    public static DemoStore open(StoreUrl url) throws IOException {
        try {
            return switch (url.kind()) {
                case MEMORY -> new DemoStore(MemoryStore.builder().build(), () -> {});
                case REDIS, SENTINEL, CLUSTER -> new DemoStore(RedisStore.connect(url.url()), () -> {});
                case SQLITE -> sqlite(Path.of(url.url()));
                case POSTGRESQL, MARIADB, MYSQL, H2 -> database(url.url());
            };
        } catch (RuntimeException e) {
            throw new IOException(url.description() + " cannot be used: " + OpenFailure.describe(e, url.kind()), e);
        }
    }

    private static DemoStore sqlite(Path path) {
        SqliteDataSource file = SqliteDataSource.open(path);
        return jdbc(file, file::close);
    }

    private static DemoStore database(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(POOL_MILLIS);
        HikariDataSource pool = new HikariDataSource(config);
        return jdbc(pool, pool::close);
    }

    private static DemoStore jdbc(DataSource source, Runnable close) {
        try {
            return new DemoStore(
                    JdbcStore.builder(source).createTableIfMissing().build(), close);
        } catch (RuntimeException e) {
            close.run();
            throw e;
        }
    }

    /**
     * Returns the store.
     *
     * @return the store, which {@link #close} closes
     */
    public SessionStore store() {
        return store;
    }

    /** Closes the store, then its connection pool. */
    @Override
    public void close() {
        store.close();
        closePool.run();
    }
}
