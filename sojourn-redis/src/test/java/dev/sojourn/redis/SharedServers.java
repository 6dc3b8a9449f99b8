package dev.sojourn.redis;

import dev.sojourn.servers.FetchedServers;
import dev.sojourn.servers.RedisCluster;
import dev.sojourn.servers.RedisSentinels;
import dev.sojourn.servers.RedisServer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The servers that the test classes share, which run one after another. Each server starts on first use and stops after the
 * last test. A test may leave keys, but no other change.
 */
final class SharedServers implements BeforeAllCallback {
    private static final Deque<AutoCloseable> RUNNING = new ArrayDeque<>();
    private static final Map<String, RedisServer> FETCHED = new HashMap<>();
    private static @Nullable RedisServer redis7;
    private static @Nullable RedisServer redis62;
    private static @Nullable RedisServer tls;
    private static @Nullable RedisSentinels sentinels;
    private static @Nullable RedisCluster cluster;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent(SharedServers.class, key ->
                (AutoCloseable) SharedServers::stopAll);
    }

    private static synchronized void stopAll() throws Exception {
        while (!RUNNING.isEmpty()) {
            RUNNING.pop().close();
        }
    }

    static synchronized RedisServer redis7() {
        redis7 = startOnce(redis7, RedisServer::start7);
        return redis7;
    }

    static synchronized RedisServer redis62() {
        redis62 = startOnce(redis62, RedisServer::start62);
        return redis62;
    }

    /** Returns Valkey or Redis 8; skips the calling test if the server was not fetched. */
    static synchronized RedisServer fetchedServer(String name) {
        Optional<Path> program = FetchedServers.find(name);
        Assumptions.assumeTrue(program.isPresent(), FetchedServers.missingReason(name));
        return FETCHED.computeIfAbsent(
                name, key -> startOnce(null, () -> RedisServer.startFrom(program.orElseThrow())));
    }

    /** Returns the server of a release line, as test parameters name it. */
    static RedisServer redis(String line) {
        return line.equals("7") ? redis7() : redis62();
    }

    /** Returns a server that also listens with TLS. */
    static synchronized RedisServer tls() {
        tls = startOnce(tls, RedisServer::startTls);
        return tls;
    }

    static synchronized RedisSentinels sentinels() {
        sentinels = startOnce(sentinels, RedisSentinels::startSteady);
        return sentinels;
    }

    static synchronized RedisCluster cluster() {
        cluster = startOnce(cluster, RedisCluster::start);
        return cluster;
    }

    private static <T extends AutoCloseable> T startOnce(@Nullable T running, Supplier<T> start) {
        if (running != null) {
            return running;
        }
        T server = start.get();
        RUNNING.push(server);
        return server;
    }
}
