package dev.sojourn.express;

import dev.sojourn.redis.RedisStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import java.util.function.Consumer;

/**
 * A store for the sessions of connect-redis: one key each, {@code sess:} and the id, with the session as JSON. Connections,
 * timeout, Sentinel and Cluster are those of {@link RedisStore}.
 *
 * <p>Redis removes a record at its expiry, because connect-redis takes every existing record for a live session. So no listener
 * receives events for expired sessions. There is no user index: {@code sessions.of(user)} needs Sojourn's own records.
 */
public final class ExpressRedisStore extends ForwardingStore {
    private final RedisStore records;

    private ExpressRedisStore(RedisStore records) {
        this.records = records;
    }

    /**
     * Connects to the Redis of the Express application, with connect-redis's defaults.
     *
     * @param uri the address, see {@link RedisStore.Builder#uri}
     * @return the store
     */
    public static ExpressRedisStore connect(String uri) {
        return connect((RedisStore.Builder builder) -> builder.uri(uri));
    }

    /**
     * Connects with other options, for example another {@code keyPrefix}, which is {@code prefix} in connect-redis.
     *
     * @param options the options of a {@link RedisStore}; the key prefix is {@code sess:} unless set; {@code expirySweep} and
     *     {@code waitForReplicas} are not available
     * @return the store
     */
    public static ExpressRedisStore connect(Consumer<RedisStore.Builder> options) {
        RedisStore.Builder builder = RedisStore.builder().keyPrefix("sess:");
        options.accept(builder);
        return new ExpressRedisStore(builder.bareRecords().build());
    }

    @Override
    protected SessionStore store() {
        return records;
    }

    /** Closes the store's connections, and its client if the store opened it. */
    @Override
    public void close() {
        super.close();
    }
}
