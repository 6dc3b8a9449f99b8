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

/** Opens the store that a node's command line names. */
final class NodeStores {
    /** In front of a Redis address: every change waits for one replica. */
    static final String CONFIRMED = "confirmed+";

    /** In front of two addresses with a bar between them: sessions move from the first one to the second. */
    static final String MOVING = "moving+";

    /** The same, on a node that moves nothing yet. */
    static final String PREPARING = "preparing+";

    private static final String SQLITE = "jdbc:sqlite:";
    private static final int POOL = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final int RETRY_MILLIS = 50;

    private NodeStores() {}

    /** Opens the store; a node that starts while its store is away waits for it. */
    static SessionStore open(String address) {
        if (address.equals("memory")) {
            return MemoryStore.builder().build();
        }
        if (address.startsWith(MOVING) || address.startsWith(PREPARING)) {
            return moving(address);
        }
        if (address.startsWith(CONFIRMED)) {
            String uri = address.substring(CONFIRMED.length());
            return patiently(() -> RedisStore.builder()
                    .uri(uri)
                    .waitForReplicas(1, Duration.ofSeconds(1))
                    .build());
        }
        if (address.startsWith("redis")) {
            return patiently(() -> RedisStore.connect(address));
        }
        if (address.startsWith(SQLITE)) {
            SqliteDataSource file = SqliteDataSource.open(Path.of(address.substring(SQLITE.length())));
            return patiently(
                    () -> JdbcStore.builder(file).createTableIfMissing().build());
        }
        if (address.startsWith("jdbc:")) {
            return patiently(() -> pooled(address));
        }
        throw new IllegalArgumentException("there is no store " + address);
    }

    private static SessionStore moving(String address) {
        String[] stores = address.substring(address.indexOf('+') + 1).split("\\|", -1);
        MovingStore.From from = MovingStore.from(open(stores[0]));
        SessionStore next = open(stores[1]);
        return address.startsWith(MOVING) ? from.to(next) : from.preparingFor(next);
    }

    /** With a new pool at each attempt: one whose first connection breaks while it is set up stays broken. */
    private static SessionStore pooled(String address) {
        HikariDataSource pool = new HikariDataSource(options(address));
        try {
            return JdbcStore.builder(pool).createTableIfMissing().build();
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static HikariConfig options(String address) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(address);
        config.setMaximumPoolSize(POOL);
        // below the store's timeout
        config.setConnectionTimeout(Duration.ofSeconds(2).toMillis());
        config.setValidationTimeout(Duration.ofSeconds(1).toMillis());
        config.setInitializationFailTimeout(-1);
        return config;
    }

    private static SessionStore patiently(Supplier<SessionStore> opening) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return opening.get();
            } catch (StoreException e) {
                if (System.nanoTime() > giveUp) {
                    throw e;
                }
                Waiting.pause(RETRY_MILLIS);
            }
        }
    }
}
