package dev.sojourn.histories;

import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.RedisServer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes with one Redis that syncs every write. */
class RedisHistoryTest {
    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void two_nodes_with_a_durable_redis_lose_nothing(Settings settings) {
        try (RedisServer redis = RedisServer.startDurable();
                FaultyProxy one = FaultyProxy.to(redis.host(), redis.port());
                FaultyProxy other = FaultyProxy.to(redis.host(), redis.port());
                NodeCluster site = new NodeCluster(
                        "RedisHistoryTest",
                        settings,
                        List.of("redis://127.0.0.1:" + one.port(), "redis://127.0.0.1:" + other.port()))) {
            Report report = site.run(List.of(
                    site.nodeFaults(),
                    StoreFaults.ofServer(redis::pause, redis::resume, redis::kill, redis::restart),
                    StoreFaults.ofNetwork(List.of(one, other))));

            report.assertNoViolations();
        }
    }
}
