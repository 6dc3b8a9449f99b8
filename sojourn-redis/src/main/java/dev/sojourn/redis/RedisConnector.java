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

/** Opens connections, with clients that fail fast and reconnect automatically. */
final class RedisConnector {
    /** How many commands may wait for their replies at a time, so that an outage does not fill the memory. */
    private static final int MAX_PENDING_COMMANDS = 16_384;

    private static final String APPLICATION_CLIENT = "where the application's client connects";
    private static final String CLUSTER = "redis-cluster:";
    private static final String TLS_CLUSTER = "rediss-cluster:";

    private RedisConnector() {}

    static Connections connect(String uri, Duration timeout) {
        boolean cluster = uri.startsWith(CLUSTER) || uri.startsWith(TLS_CLUSTER);
        return cluster ? connectToCluster(uri, timeout) : connectToSingle(uri, timeout);
    }

    static Connections connect(RedisClient client, AutoCloseable owned) {
        return connect(client, owned, APPLICATION_CLIENT);
    }

    private static Connections connect(RedisClient client, AutoCloseable owned, String where) {
        StatefulRedisConnection<byte[], byte[]> connection =
                connect(() -> client.connect(ByteArrayCodec.INSTANCE), owned, where);
        return new StandaloneConnection(connection, owned);
    }

    static Connections connect(RedisClusterClient client, AutoCloseable owned) {
        return connect(client, owned, APPLICATION_CLIENT);
    }

    private static Connections connect(RedisClusterClient client, AutoCloseable owned, String where) {
        StatefulRedisClusterConnection<byte[], byte[]> connection =
                connect(() -> client.connect(ByteArrayCodec.INSTANCE), owned, where);
        connection.setReadFrom(ReadFrom.UPSTREAM);
        return new ClusterConnections(client, connection, owned);
    }

    private static Connections connectToSingle(String uri, Duration timeout) {
        RedisURI address = parse(() -> RedisURI.create(uri));
        prepare(address, timeout);
        address.getSentinels().forEach(sentinel -> prepare(sentinel, timeout));
        ClientResources resources = resources();
        RedisClient client = RedisClient.create(resources, address);
        client.setOptions(options(timeout));
        return connect(client, () -> shutDown(client::shutdown, resources), describe(address));
    }

    private static Connections connectToCluster(String uri, Duration timeout) {
        List<RedisURI> addresses = parse(
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
        return connect(client, () -> shutDown(client::shutdown, resources), describe(addresses));
    }

    /** Returns where a server is, without the credentials that its URI may contain. */
    private static String describe(RedisURI address) {
        return address.getSentinels().isEmpty()
                ? describe(List.of(address))
                : describe(address.getSentinels()) + ", master " + address.getSentinelMasterId();
    }

    private static String describe(List<RedisURI> addresses) {
        return addresses.stream()
                .map(each -> each.getSocket() != null ? each.getSocket() : each.getHost() + ":" + each.getPort())
                .collect(Collectors.joining(", "));
    }

    private static void prepare(RedisURI address, Duration timeout) {
        address.setTimeout(timeout);
        // Lettuce would send its name by CLIENT, which a user with few rights may not call.
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
                .requestQueueSize(MAX_PENDING_COMMANDS)
                .socketOptions(socket)
                // Each call has its own deadline here, so a timer per command in Lettuce is not needed.
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

    /** Parses a URI. Lettuce's message and exception are dropped, because they may quote the URI with its password. */
    private static <T> T parse(Supplier<T> parser) {
        try {
            return parser.get();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "the Redis URI cannot be read: use redis://host:port, rediss://, redis-sentinel://host,host#master or"
                            + " redis-cluster://host:port,host:port, with user:password@ before the first host, percent-encoded");
        }
    }

    private static <T> T connect(Supplier<T> connecting, AutoCloseable owned, String where) {
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
