package dev.sojourn.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.protocol.ConnectionIntent;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** One connection to each master of a Cluster, opened on first use. */
final class ClusterConnections implements Connections {
    private static final long REFRESH_INTERVAL_NANOS = 1_000_000_000;

    private final RedisClusterClient client;
    private final StatefulRedisClusterConnection<byte[], byte[]> connection;
    private final AutoCloseable owned;
    private final AtomicLong lastRefresh = new AtomicLong(System.nanoTime() - REFRESH_INTERVAL_NANOS);

    ClusterConnections(
            RedisClusterClient client, StatefulRedisClusterConnection<byte[], byte[]> connection, AutoCloseable owned) {
        this.client = client;
        this.connection = connection;
        this.owned = owned;
    }

    @Override
    public void send(RedisCommand<byte[], byte[], Reply> command) {
        connection.dispatch(command);
    }

    @Override
    public CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connectionFor(byte[] key) {
        try {
            RedisClusterNode master = connection.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
            if (master == null) {
                throw new RedisException("the cluster has no master for this slot");
            }
            RedisURI address = master.getUri();
            return connectionTo(address.getHost(), address.getPort());
        } catch (RedisException e) {
            refreshTopology();
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Optional<CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> connectionFor(
            ClusterRedirect redirect) {
        try {
            return Optional.of(connectionTo(redirect.host(), redirect.port()));
        } catch (RedisException e) {
            return Optional.of(CompletableFuture.failedFuture(e));
        }
    }

    private CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connectionTo(String host, int port) {
        return connection.getConnectionAsync(host, port, ConnectionIntent.WRITE);
    }

    @Override
    public void refreshTopology() {
        long last = lastRefresh.get();
        long now = System.nanoTime();
        if (now - last >= REFRESH_INTERVAL_NANOS && lastRefresh.compareAndSet(last, now)) {
            client.refreshPartitionsAsync();
        }
    }

    /** A node's connection opens with the first command. Lettuce rejects commands until it is open. */
    @Override
    public Duration openTimeout() {
        return Duration.ofMillis(500);
    }

    @Override
    public void close() {
        ClientCloser.close(connection, owned);
    }
}
