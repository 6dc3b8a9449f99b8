package dev.sojourn.redis;

import io.lettuce.core.CommandListenerWriter;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandExpiryWriter;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.DefaultEndpoint;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Probes a server that did not reply, with a {@code PING}. If the probe gets no reply either, its socket is closed. From
 * then on calls fail at once instead of at their deadline, and Lettuce reconnects: to the same server when it is back, or to
 * the server that replaced it.
 */
final class UnresponsiveServerProbe {
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(500);

    private final Map<StatefulRedisConnection<byte[], byte[]>, Probe> probes = new ConcurrentHashMap<>();

    /** One {@code PING}. */
    private record Probe(AtMostOnceCommand ping, long sentAt) {
        boolean isPending() {
            return !ping.isDone();
        }

        boolean isOverdue() {
            return System.nanoTime() - sentAt >= PROBE_TIMEOUT.toNanos();
        }
    }

    /** Probes a server that let a call time out, or closes its socket if an earlier probe is overdue. */
    void onTimeout(StatefulRedisConnection<byte[], byte[]> connection) {
        Probe probe = probes.get(connection);
        if (probe == null || !probe.isPending()) {
            sendProbe(connection);
        } else if (probe.isOverdue()) {
            probes.remove(connection);
            disconnect(connection);
        }
    }

    private void sendProbe(StatefulRedisConnection<byte[], byte[]> connection) {
        AtMostOnceCommand ping = AtMostOnceCommand.of(CommandType.PING, new CommandArgs<>(ByteArrayCodec.INSTANCE));
        probes.put(connection, new Probe(ping, System.nanoTime()));
        ping.onComplete((reply, failure) -> probes.remove(connection));
        try {
            connection.dispatch(ping);
        } catch (RuntimeException e) {
            // The call that timed out reports its own failure.
            ping.completeExceptionally(e);
        }
    }

    /** Closes the socket, not the connection: Lettuce opens a new socket automatically. */
    static void disconnect(StatefulRedisConnection<byte[], byte[]> connection) {
        if (connection instanceof RedisChannelHandler<?, ?> handler) {
            if (innermost(handler.getChannelWriter()) instanceof DefaultEndpoint endpoint) {
                endpoint.disconnect();
            }
        }
    }

    /** Unwraps the writers that an application's client adds for command listeners and command timeouts. */
    private static RedisChannelWriter innermost(RedisChannelWriter writer) {
        if (writer instanceof CommandListenerWriter listening) {
            return innermost(listening.getDelegate());
        }
        return writer instanceof CommandExpiryWriter limited ? innermost(limited.getDelegate()) : writer;
    }
}
