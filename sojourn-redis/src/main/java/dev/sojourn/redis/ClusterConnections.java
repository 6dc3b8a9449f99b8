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

/** One connection to each master of a Cluster, opened when it is first needed. */
final class ClusterConnections implements Connections {
    private static final long BETWEEN_REFRESHES = 1_000_000_000;

    private final RedisClusterClient client;
    private final StatefulRedisClusterConnection<byte[], byte[]> connection;
    private final AutoCloseable owned;
    private final AtomicLong refreshed = new AtomicLong(System.nanoTime() - BETWEEN_REFRESHES);

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
    public CompletableFuture<StatefulRedisConnection<byte[], byte[]>> to(byte[] key) {
        try {
            RedisClusterNode master = connection.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
            if (master == null) {
                throw new RedisException("the cluster has no master for this slot");
            }
            RedisURI address = master.getUri();
            return to(address.getHost(), address.getPort());
        } catch (RedisException e) {
            doubt();
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Optional<CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> to(ClusterRedirect redirection) {
        try {
            return Optional.of(to(redirection.host(), redirection.port()));
        } catch (RedisException e) {
            return Optional.of(CompletableFuture.failedFuture(e));
        }
    }

    private CompletableFuture<StatefulRedisConnection<byte[], byte[]>> to(String host, int port) {
        return connection.getConnectionAsync(host, port, ConnectionIntent.WRITE);
    }

    @Override
    public void doubt() {
        long last = refreshed.get();
        long now = System.nanoTime();
        if (now - last >= BETWEEN_REFRESHES && refreshed.compareAndSet(last, now)) {
            client.refreshPartitionsAsync();
        }
    }

    /** A node's connection opens at the first command, which Lettuce rejects until it is open. */
    @Override
    public Duration patience() {
        return Duration.ofMillis(500);
    }

    @Override
    public void close() {
        ClientCloser.close(connection, owned);
    }
}
