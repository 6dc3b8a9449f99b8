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
 * Servers that classes use one after the other: started when the first asks, stopped after the last test. Whoever uses one
 * leaves it as it was, but for its keys.
 */
final class Shared implements BeforeAllCallback {
    private static final Deque<AutoCloseable> RUNNING = new ArrayDeque<>();
    private static final Map<String, RedisServer> FETCHED = new HashMap<>();
    private static @Nullable RedisServer redis7;
    private static @Nullable RedisServer redis62;
    private static @Nullable RedisServer tls;
    private static @Nullable RedisSentinels sentinels;
    private static @Nullable RedisCluster cluster;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent(Shared.class, key ->
                (AutoCloseable) Shared::stopAll);
    }

    private static synchronized void stopAll() throws Exception {
        while (!RUNNING.isEmpty()) {
            RUNNING.pop().close();
        }
    }

    static synchronized RedisServer redis7() {
        redis7 = started(redis7, RedisServer::start7);
        return redis7;
    }

    static synchronized RedisServer redis62() {
        redis62 = started(redis62, RedisServer::start62);
        return redis62;
    }

    /** Valkey or Redis 8; skips the test that asks where it was not fetched. */
    static synchronized RedisServer fetched(String name) {
        Optional<Path> program = FetchedServers.find(name);
        Assumptions.assumeTrue(program.isPresent(), FetchedServers.missing(name));
        return FETCHED.computeIfAbsent(name, key -> started(null, () -> RedisServer.startFrom(program.orElseThrow())));
    }

    /** A server by the number of its line, as parameters of tests have it. */
    static RedisServer redis(String line) {
        return line.equals("7") ? redis7() : redis62();
    }

    /** One that listens with TLS as well. */
    static synchronized RedisServer tls() {
        tls = started(tls, RedisServer::startTls);
        return tls;
    }

    static synchronized RedisSentinels sentinels() {
        sentinels = started(sentinels, RedisSentinels::startSteady);
        return sentinels;
    }

    static synchronized RedisCluster cluster() {
        cluster = started(cluster, RedisCluster::start);
        return cluster;
    }

    private static <T extends AutoCloseable> T started(@Nullable T running, Supplier<T> start) {
        if (running != null) {
            return running;
        }
        T started = start.get();
        RUNNING.push(started);
        return started;
    }
}
