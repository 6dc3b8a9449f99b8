package dev.sojourn.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How often connections have broken and opened again. Lettuce tells of a break before it opens the next socket: as long as
 * the number stays, what is written goes to the same socket.
 */
final class ReconnectCounter {
    private final Map<StatefulRedisConnection<byte[], byte[]>, Count> counts =
            Collections.synchronizedMap(new WeakHashMap<>());

    private static final class Count extends AtomicLong implements RedisConnectionStateListener {
        private static final long serialVersionUID = 1L;

        @Override
        public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
            incrementAndGet();
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            incrementAndGet();
        }
    }

    /** The number of a connection, which grows from here on. */
    LongSupplier of(StatefulRedisConnection<byte[], byte[]> connection) {
        return counts.computeIfAbsent(connection, ReconnectCounter::counted)::get;
    }

    private static Count counted(StatefulRedisConnection<byte[], byte[]> connection) {
        Count count = new Count();
        connection.addListener(count);
        return count;
    }
}
