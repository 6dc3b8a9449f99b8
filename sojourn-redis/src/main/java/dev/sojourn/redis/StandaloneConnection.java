package dev.sojourn.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One connection to one Redis: the one that was named, or the one that Sentinel says is the master. */
final class StandaloneConnection implements Connections {
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final AutoCloseable owned;

    StandaloneConnection(StatefulRedisConnection<byte[], byte[]> connection, AutoCloseable owned) {
        this.connection = connection;
        this.owned = owned;
    }

    @Override
    public void send(RedisCommand<byte[], byte[], Reply> command) {
        connection.dispatch(command);
    }

    @Override
    public CompletableFuture<StatefulRedisConnection<byte[], byte[]>> to(byte[] key) {
        return CompletableFuture.completedFuture(connection);
    }

    @Override
    public Optional<CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> to(ClusterRedirect redirection) {
        return Optional.empty();
    }

    /** A new connection asks Sentinel, or the names service, anew: nothing else to find out. */
    @Override
    public void doubt() {}

    @Override
    public Duration patience() {
        return Duration.ZERO;
    }

    @Override
    public void close() {
        ClientCloser.close(connection, owned);
    }
}
