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
 * Counts disconnects and reconnects of each connection. Lettuce reports a disconnect before it opens the next socket: as
 * long as the count stays the same, everything is written to the same socket.
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

    /** Returns the live count of a connection. Counting starts with the first call for that connection. */
    LongSupplier of(StatefulRedisConnection<byte[], byte[]> connection) {
        return counts.computeIfAbsent(connection, ReconnectCounter::addCount)::get;
    }

    private static Count addCount(StatefulRedisConnection<byte[], byte[]> connection) {
        Count count = new Count();
        connection.addListener(count);
        return count;
    }
}
