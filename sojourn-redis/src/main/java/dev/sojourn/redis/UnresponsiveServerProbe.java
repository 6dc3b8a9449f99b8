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
 * What is done about a server that did not answer: it is asked once more whether it is there; when that is not answered
 * either, its connection is closed. From then on calls fail at once instead of at their deadline, and Lettuce connects
 * again: to the same server when it is back, or to the one that has taken its place.
 */
final class UnresponsiveServerProbe {
    private static final Duration LONG_ENOUGH = Duration.ofMillis(500);

    private final Map<StatefulRedisConnection<byte[], byte[]>, Probe> probes = new ConcurrentHashMap<>();

    /** A question whether a server is there. */
    private record Probe(AtMostOnceCommand question, long askedAt) {
        boolean unanswered() {
            return !question.isDone();
        }

        boolean isOld() {
            return System.nanoTime() - askedAt >= LONG_ENOUGH.toNanos();
        }
    }

    /** Told of a server that has let a call wait to its deadline. */
    void of(StatefulRedisConnection<byte[], byte[]> connection) {
        Probe probe = probes.get(connection);
        if (probe == null || !probe.unanswered()) {
            probe(connection);
        } else if (probe.isOld()) {
            probes.remove(connection);
            hangUp(connection);
        }
    }

    private void probe(StatefulRedisConnection<byte[], byte[]> connection) {
        AtMostOnceCommand question = AtMostOnceCommand.of(CommandType.PING, new CommandArgs<>(ByteArrayCodec.INSTANCE));
        probes.put(connection, new Probe(question, System.nanoTime()));
        question.onComplete((reply, failure) -> probes.remove(connection));
        try {
            connection.dispatch(question);
        } catch (RuntimeException e) {
            // Whoever waited has a failure of its own to tell.
            question.completeExceptionally(e);
        }
    }

    /** Closes the socket, not the connection: Lettuce opens it again by itself. */
    static void hangUp(StatefulRedisConnection<byte[], byte[]> connection) {
        if (connection instanceof RedisChannelHandler<?, ?> handler) {
            if (innermost(handler.getChannelWriter()) instanceof DefaultEndpoint endpoint) {
                endpoint.disconnect();
            }
        }
    }

    /** A given client may set limits to commands, and have listeners for them. */
    private static RedisChannelWriter innermost(RedisChannelWriter writer) {
        if (writer instanceof CommandListenerWriter heard) {
            return innermost(heard.getDelegate());
        }
        return writer instanceof CommandExpiryWriter limited ? innermost(limited.getDelegate()) : writer;
    }
}
