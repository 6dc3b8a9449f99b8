package dev.sojourn.histories;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.sojourn.MemoryStore;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.jdbc.SqliteDataSource;
import dev.sojourn.move.MovingStore;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/** Opens the store of a node's command line. */
final class NodeStores {
    /** The prefix of a Redis address with which every change waits for one replica. */
    static final String CONFIRMED = "confirmed+";

    /** The prefix of two addresses, separated by a bar, with which sessions move from the first store to the second. */
    static final String MOVING = "moving+";

    /** The same on a node that only prepares to move sessions. */
    static final String PREPARING = "preparing+";

    private static final String SQLITE = "jdbc:sqlite:";
    private static final int POOL_SIZE = 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(45);
    private static final int RETRY_MILLIS = 50;

    private NodeStores() {}

    /** Opens a store, and retries while it is unavailable. */
    static SessionStore open(String address) {
        if (address.equals("memory")) {
            return MemoryStore.builder().build();
        }
        if (address.startsWith(MOVING) || address.startsWith(PREPARING)) {
            return openMoving(address);
        }
        if (address.startsWith(CONFIRMED)) {
            String uri = address.substring(CONFIRMED.length());
            return retryUntilOpen(() -> RedisStore.builder()
                    .uri(uri)
                    .waitForReplicas(1, Duration.ofSeconds(1))
                    .build());
        }
        if (address.startsWith("redis")) {
            return retryUntilOpen(() -> RedisStore.connect(address));
        }
        if (address.startsWith(SQLITE)) {
            SqliteDataSource file = SqliteDataSource.open(Path.of(address.substring(SQLITE.length())));
            return retryUntilOpen(
                    () -> JdbcStore.builder(file).createTableIfMissing().build());
        }
        if (address.startsWith("jdbc:")) {
            return retryUntilOpen(() -> openPooled(address, "sojourn_session"));
        }
        throw new IllegalArgumentException("unknown store " + address);
    }

    /**
     * Opens a store for revocations, with a prefix or table of its own on the server of the sessions, and retries while it
     * is unavailable.
     */
    static SessionStore openForRevocations(String address) {
        if (address.startsWith("redis")) {
            return retryUntilOpen(() ->
                    RedisStore.builder().uri(address).keyPrefix("revocations:").build());
        }
        if (address.startsWith("jdbc:") && !address.startsWith(SQLITE)) {
            return retryUntilOpen(() -> openPooled(address, "revocations"));
        }
        return open(address);
    }

    private static SessionStore openMoving(String address) {
        String[] stores = address.substring(address.indexOf('+') + 1).split("\\|", -1);
        MovingStore.From from = MovingStore.from(open(stores[0]));
        SessionStore next = open(stores[1]);
        return address.startsWith(MOVING) ? from.to(next) : from.preparingFor(next);
    }

    /** Creates a new pool for each attempt: a pool whose first connection breaks during its set-up stays broken. */
    private static SessionStore openPooled(String address, String table) {
        HikariDataSource pool = new HikariDataSource(options(address));
        try {
            return JdbcStore.builder(pool).table(table).createTableIfMissing().build();
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static HikariConfig options(String address) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(address);
        config.setMaximumPoolSize(POOL_SIZE);
        // shorter than the store's timeout
        config.setConnectionTimeout(Duration.ofSeconds(2).toMillis());
        config.setValidationTimeout(Duration.ofSeconds(1).toMillis());
        config.setInitializationFailTimeout(-1);
        return config;
    }

    private static SessionStore retryUntilOpen(Supplier<SessionStore> opening) {
        long giveUp = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            try {
                return opening.get();
            } catch (StoreException e) {
                if (System.nanoTime() > giveUp) {
                    throw e;
                }
                TimedWait.pause(RETRY_MILLIS);
            }
        }
    }
}
