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

/** An open store, and what has to be closed after it. */
public final class DemoStore implements AutoCloseable {
    /** As many as there are threads that answer requests. */
    private static final int CONNECTIONS = 16;

    /** Less than a store call may take, so that a request hears of an empty pool. */
    private static final int POOL_MILLIS = 2_000;

    private final SessionStore store;
    private final Runnable after;

    private DemoStore(SessionStore store, Runnable after) {
        this.store = store;
        this.after = after;
    }

    /**
     * Opens a store, and makes the table of a database if it is missing.
     *
     * @param url which one
     * @return the open store
     * @throws IOException if it cannot be used; the message says why, without a password
     */
    public static DemoStore open(StoreUrl url) throws IOException {
        try {
            return switch (url.engine()) {
                case MEMORY -> new DemoStore(MemoryStore.builder().build(), () -> {});
                case REDIS, SENTINEL, CLUSTER -> new DemoStore(RedisStore.connect(url.url()), () -> {});
                case SQLITE -> sqlite(Path.of(url.url()));
                case POSTGRESQL, MARIADB, MYSQL, H2 -> database(url.url());
            };
        } catch (RuntimeException e) {
            throw new IOException(url.shown() + " cannot be used: " + Trouble.with(e, url.engine()), e);
        }
    }

    private static DemoStore sqlite(Path path) {
        SqliteDataSource file = SqliteDataSource.open(path);
        return over(file, file::close);
    }

    private static DemoStore database(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(POOL_MILLIS);
        HikariDataSource pool = new HikariDataSource(config);
        return over(pool, pool::close);
    }

    private static DemoStore over(DataSource source, Runnable close) {
        try {
            return new DemoStore(
                    JdbcStore.builder(source).createTableIfMissing().build(), close);
        } catch (RuntimeException e) {
            close.run();
            throw e;
        }
    }

    /**
     * The store.
     *
     * @return the store, which this object closes
     */
    public SessionStore store() {
        return store;
    }

    /** Closes the store, then the pool below it. */
    @Override
    public void close() {
        store.close();
        after.run();
    }
}
