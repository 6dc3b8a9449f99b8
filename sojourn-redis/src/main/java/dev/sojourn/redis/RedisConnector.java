package dev.sojourn.redis;

import dev.sojourn.spi.StoreException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Opens connections, with clients that fail fast and come back by themselves. */
final class RedisConnector {
    /** Commands that wait for an answer at one time; beyond it an outage would only fill the memory. */
    private static final int QUEUE = 16_384;

    private static final String GIVEN_CLIENT = "where the given client connects";
    private static final String CLUSTER = "redis-cluster:";
    private static final String TLS_CLUSTER = "rediss-cluster:";

    private RedisConnector() {}

    static Connections of(String uri, Duration timeout) {
        boolean cluster = uri.startsWith(CLUSTER) || uri.startsWith(TLS_CLUSTER);
        return cluster ? cluster(uri, timeout) : single(uri, timeout);
    }

    static Connections of(RedisClient client, AutoCloseable owned) {
        return of(client, owned, GIVEN_CLIENT);
    }

    private static Connections of(RedisClient client, AutoCloseable owned, String where) {
        StatefulRedisConnection<byte[], byte[]> connection =
                connected(() -> client.connect(ByteArrayCodec.INSTANCE), owned, where);
        return new StandaloneConnection(connection, owned);
    }

    static Connections of(RedisClusterClient client, AutoCloseable owned) {
        return of(client, owned, GIVEN_CLIENT);
    }

    private static Connections of(RedisClusterClient client, AutoCloseable owned, String where) {
        StatefulRedisClusterConnection<byte[], byte[]> connection =
                connected(() -> client.connect(ByteArrayCodec.INSTANCE), owned, where);
        connection.setReadFrom(ReadFrom.UPSTREAM);
        return new ClusterConnections(client, connection, owned);
    }

    private static Connections single(String uri, Duration timeout) {
        RedisURI address = readable(() -> RedisURI.create(uri));
        prepare(address, timeout);
        address.getSentinels().forEach(sentinel -> prepare(sentinel, timeout));
        ClientResources resources = resources();
        RedisClient client = RedisClient.create(resources, address);
        client.setOptions(options(timeout));
        return of(client, () -> shutDown(client::shutdown, resources), where(address));
    }

    private static Connections cluster(String uri, Duration timeout) {
        List<RedisURI> addresses = readable(
                () -> RedisClusterURIUtil.toRedisURIs(URI.create(uri.replaceFirst("^(rediss?)-cluster:", "$1:"))));
        addresses.forEach(address -> prepare(address, timeout));
        ClientResources resources = resources();
        RedisClusterClient client = RedisClusterClient.create(resources, addresses);
        ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                .enablePeriodicRefresh(Duration.ofSeconds(15))
                .build();
        client.setOptions(ClusterClientOptions.builder(options(timeout))
                .topologyRefreshOptions(refresh)
                .validateClusterNodeMembership(false)
                .build());
        return of(client, () -> shutDown(client::shutdown, resources), where(addresses));
    }

    /** Where a server is, without the credentials that its URI may hold. */
    private static String where(RedisURI address) {
        return address.getSentinels().isEmpty()
                ? where(List.of(address))
                : where(address.getSentinels()) + ", master " + address.getSentinelMasterId();
    }

    private static String where(List<RedisURI> addresses) {
        return addresses.stream()
                .map(each -> each.getSocket() != null ? each.getSocket() : each.getHost() + ":" + each.getPort())
                .collect(Collectors.joining(", "));
    }

    private static void prepare(RedisURI address, Duration timeout) {
        address.setTimeout(timeout);
        // Lettuce would say its name by CLIENT, which a user with few rights may not.
        address.setLibraryName("");
        address.setLibraryVersion("");
    }

    private static ClientOptions options(Duration timeout) {
        KeepAliveOptions keepAlive = KeepAliveOptions.builder()
                .enable()
                .idle(Duration.ofSeconds(30))
                .interval(Duration.ofSeconds(10))
                .count(3)
                .build();
        SocketOptions socket = SocketOptions.builder()
                .connectTimeout(timeout)
                .keepAlive(keepAlive)
                .build();
        return ClientOptions.builder()
                .autoReconnect(true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(QUEUE)
                .socketOptions(socket)
                // Each call has its own deadline here: a timer for each command in Lettuce would be a second one.
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .build();
    }

    private static ClientResources resources() {
        return ClientResources.builder()
                .reconnectDelay(
                        Delay.fullJitter(Duration.ofMillis(10), Duration.ofSeconds(1), 20, TimeUnit.MILLISECONDS))
                .build();
    }

    /** What Lettuce says about a URI may quote it, password and all. */
    private static <T> T readable(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "the Redis URI cannot be read: take redis://host:port, rediss://, redis-sentinel://host,host#master or"
                            + " redis-cluster://host:port,host:port, with user:password@ before the first host, percent-encoded");
        }
    }

    private static <T> T connected(Supplier<T> connecting, AutoCloseable owned, String where) {
        try {
            return connecting.get();
        } catch (RedisException e) {
            ClientCloser.close(owned);
            throw StoreException.notDone(
                    "no connection to Redis (" + where
                            + "): check that it runs there, and the user, the password and TLS of the URI",
                    e);
        } catch (RuntimeException e) {
            ClientCloser.close(owned);
            throw e;
        }
    }

    private static void shutDown(Runnable client, ClientResources resources) {
        client.run();
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
