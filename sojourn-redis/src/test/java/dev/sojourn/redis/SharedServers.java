package dev.sojourn.redis;

import dev.sojourn.servers.FetchedServers;
import dev.sojourn.servers.RedisCluster;
import dev.sojourn.servers.RedisSentinels;
import dev.sojourn.servers.RedisServer;
import dev.sojourn.tools.SharedServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;

/**
 * The servers that the test classes share, which run one after another. Each server starts on first use and stops after the
 * last test. A test may leave keys, but no other change.
 */
final class SharedServers extends SharedServer.UntilLastTest {
    private static final SharedServer<RedisServer> REDIS_7 = new SharedServer<>(RedisServer::start7);
    private static final SharedServer<RedisServer> REDIS_62 = new SharedServer<>(RedisServer::start62);
    private static final SharedServer<RedisServer> TLS = new SharedServer<>(RedisServer::startTls);
    private static final SharedServer<RedisSentinels> SENTINELS = new SharedServer<>(RedisSentinels::startSteady);
    private static final SharedServer<RedisCluster> CLUSTER = new SharedServer<>(RedisCluster::start);
    private static final Map<String, SharedServer<RedisServer>> FETCHED = new ConcurrentHashMap<>();

    static RedisServer redis7() {
        return REDIS_7.get();
    }

    static RedisServer redis62() {
        return REDIS_62.get();
    }

    /** Returns Valkey or Redis 8; skips the calling test if the server was not fetched. */
    static RedisServer fetchedServer(String name) {
        Optional<Path> program = FetchedServers.find(name);
        Assumptions.assumeTrue(program.isPresent(), FetchedServers.missingReason(name));
        return FETCHED.computeIfAbsent(
                        name, key -> new SharedServer<>(() -> RedisServer.startFrom(program.orElseThrow())))
                .get();
    }

    /** Returns the server of a release line, as test parameters name it. */
    static RedisServer redis(String line) {
        return line.equals("7") ? redis7() : redis62();
    }

    /** Returns a server that also listens with TLS. */
    static RedisServer tls() {
        return TLS.get();
    }

    static RedisSentinels sentinels() {
        return SENTINELS.get();
    }

    static RedisCluster cluster() {
        return CLUSTER.get();
    }
}
