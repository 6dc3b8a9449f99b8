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
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The open stores of the demo together with the connection pool below them. */
public final class DemoStore implements AutoCloseable {
    /** One connection for each request thread. */
    private static final int CONNECTIONS = 16;

    /** Less than the timeout of a store call, so that a request fails with the pool's error. */
    private static final int POOL_MILLIS = 2_000;

    /** Revocations are kept apart from sessions, because a sweep of a store takes everything in it for sessions. */
    private static final String REVOCATION_TABLE = "sojourn_revocation";

    private static final String REVOCATION_PREFIX = "sojourn-revocation:";

    private final String name;
    private final @Nullable SessionStore sessions;
    private final SessionStore revocations;
    private final Runnable closePool;

    private DemoStore(String name, @Nullable SessionStore sessions, SessionStore revocations, Runnable closePool) {
        this.name = name;
        this.sessions = sessions;
        this.revocations = revocations;
        this.closePool = closePool;
    }

    /**
     * Combines two stores.
     *
     * @param name their name on the pages
     * @param sessions the store of sessions
     * @param revocations the store of revocations
     * @return the stores
     */
    public static DemoStore of(String name, SessionStore sessions, SessionStore revocations) {
        return new DemoStore(name, sessions, revocations, () -> {});
    }

    /**
     * Returns sealed sessions with a store of revocations.
     *
     * @param revocations the store of revocations
     * @return the store
     */
    public static DemoStore sealed(SessionStore revocations) {
        return new DemoStore(StoreKind.SEALED.displayName(), null, revocations, () -> {});
    }

    /**
     * Opens the stores of a URL, and creates missing database tables.
     *
     * @param url the URL
     * @return the open stores
     * @throws IOException if they cannot be used; the message contains the reason and no password
     */
    public static DemoStore open(StoreUrl url) throws IOException {
        try {
            return switch (url.kind()) {
                case MEMORY -> memory(url);
                case SEALED -> sealedIn(SqliteDataSource.open(Path.of(url.url())), url);
                case REDIS, SENTINEL, CLUSTER -> redis(url);
                case SQLITE -> sqlite(SqliteDataSource.open(Path.of(url.url())), url);
                case POSTGRESQL, MARIADB, MYSQL, H2 -> database(url);
            };
        } catch (RuntimeException e) {
            throw new IOException(url.description() + " cannot be used: " + OpenFailure.describe(e, url.kind()), e);
        }
    }

    private static DemoStore memory(StoreUrl url) {
        return of(
                url.name(), MemoryStore.builder().build(), MemoryStore.builder().build());
    }

    private static DemoStore redis(StoreUrl url) {
        SessionStore sessions = RedisStore.connect(url.url());
        return openOrClose(
                sessions::close,
                () -> of(
                        url.name(),
                        sessions,
                        RedisStore.builder()
                                .uri(url.url())
                                .keyPrefix(REVOCATION_PREFIX)
                                .build()));
    }

    private static DemoStore sealedIn(SqliteDataSource file, StoreUrl url) {
        return openOrClose(file::close, () -> new DemoStore(url.name(), null, revocationsIn(file), file::close));
    }

    private static DemoStore sqlite(SqliteDataSource file, StoreUrl url) {
        return jdbc(file, file::close, url);
    }

    private static DemoStore database(StoreUrl url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url.url());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(POOL_MILLIS);
        HikariDataSource pool = new HikariDataSource(config);
        return jdbc(pool, pool::close, url);
    }

    private static DemoStore jdbc(DataSource source, Runnable close, StoreUrl url) {
        return openOrClose(
                close,
                () -> new DemoStore(
                        url.name(),
                        JdbcStore.builder(source).createTableIfMissing().build(),
                        revocationsIn(source),
                        close));
    }

    private static SessionStore revocationsIn(DataSource source) {
        return JdbcStore.builder(source)
                .table(REVOCATION_TABLE)
                .createTableIfMissing()
                .build();
    }

    private static DemoStore openOrClose(Runnable close, Supplier<DemoStore> opener) {
        try {
            return opener.get();
        } catch (RuntimeException e) {
            close.run();
            throw e;
        }
    }

    /**
     * Returns the store's name on the pages.
     *
     * @return for example {@code SQLite}
     */
    public String name() {
        return name;
    }

    /**
     * Returns the store of sessions.
     *
     * @return the store, which {@link #close} closes; empty if sessions are sealed in their cookies
     */
    public Optional<SessionStore> sessions() {
        return Optional.ofNullable(sessions);
    }

    /**
     * Returns the store of revocations.
     *
     * @return the store, which {@link #close} closes
     */
    public SessionStore revocations() {
        return revocations;
    }

    /** Closes the stores, then their connection pool. */
    @Override
    public void close() {
        sessions().ifPresent(SessionStore::close);
        revocations.close();
        closePool.run();
    }
}
