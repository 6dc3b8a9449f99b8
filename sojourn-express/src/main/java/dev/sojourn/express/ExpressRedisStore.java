package dev.sojourn.express;

import dev.sojourn.redis.RedisStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import java.util.function.Consumer;

/**
 * The sessions of connect-redis: one key each, {@code sess:} and the id, with the session as JSON. A {@link RedisStore} in all
 * else: connections, deadlines, Sentinel and Cluster are its own.
 *
 * <p>A record is gone at its expiry and not later, since connect-redis takes one that is there for alive. So no listener
 * hears of a session that expired. There is no index of users: {@code sessions.of(user)} needs this project's own records.
 */
public final class ExpressRedisStore extends ForwardingStore {
    private final RedisStore records;

    private ExpressRedisStore(RedisStore records) {
        this.records = records;
    }

    /**
     * Connects to the Redis of the Express application, with connect-redis's own defaults.
     *
     * @param uri where it is, see {@link RedisStore.Builder#uri}
     * @return the store
     */
    public static ExpressRedisStore connect(String uri) {
        return connect((RedisStore.Builder builder) -> builder.uri(uri));
    }

    /**
     * Connects with other options, for example another {@code keyPrefix}, which is {@code prefix} in connect-redis.
     *
     * @param options the options of a {@link RedisStore}; its prefix is {@code sess:} unless set, and there is no
     *     {@code expirySweep} and no {@code waitForReplicas}
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

    /** Closes the store's connections, and its client if it opened one. */
    @Override
    public void close() {
        super.close();
    }
}
