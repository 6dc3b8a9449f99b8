package dev.sojourn.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One connection to one Redis: the configured server, or the master that Sentinel names. */
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
    public CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connectionFor(byte[] key) {
        return CompletableFuture.completedFuture(connection);
    }

    @Override
    public Optional<CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> connectionFor(
            ClusterRedirect redirect) {
        return Optional.empty();
    }

    /** Does nothing: each reconnect asks Sentinel, or the name service, again. */
    @Override
    public void refreshTopology() {}

    @Override
    public Duration openTimeout() {
        return Duration.ZERO;
    }

    @Override
    public void close() {
        ClientCloser.close(connection, owned);
    }
}
