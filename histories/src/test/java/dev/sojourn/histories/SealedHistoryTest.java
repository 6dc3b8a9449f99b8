package dev.sojourn.histories;

import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.RedisServer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes with sealed sessions share only their keys, and a Redis for the revocations. */
class SealedHistoryTest {
    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void no_sealed_session_is_accepted_later_than_the_delay_after_its_logout(Settings settings) {
        try (RedisServer redis = RedisServer.startDurable();
                FaultyProxy one = FaultyProxy.to(redis.host(), redis.port());
                FaultyProxy other = FaultyProxy.to(redis.host(), redis.port());
                AccessCluster cluster = new AccessCluster(
                        "SealedHistoryTest",
                        settings,
                        AccessFlavor.SEALED,
                        List.of(
                                List.of("redis://127.0.0.1:" + one.port()),
                                List.of("redis://127.0.0.1:" + other.port())))) {
            AccessReport report = cluster.run(List.of(
                    cluster.nodeFaults(),
                    StoreFaults.ofServer(redis::pause, redis::resume, redis::kill, redis::restart),
                    StoreFaults.ofNetwork(List.of(one, other))));

            report.assertNoViolations();
        }
    }
}
