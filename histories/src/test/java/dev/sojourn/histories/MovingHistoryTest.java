package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.servers.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sessions move from PostgreSQL to Redis and back while two nodes serve them. Each step is deployed by killing one node after
 * the other, so that the two nodes temporarily run different steps. Faults occur the whole time.
 */
class MovingHistoryTest {
    private static final int BEFORE_THE_MOVE_MILLIS = 1_500;

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void sessions_that_move_to_another_store_and_back_lose_nothing(Settings settings) {
        try (PostgresServer postgres = PostgresServer.startDurable();
                RedisServer redis = RedisServer.startDurable();
                FaultyProxy toPostgres = FaultyProxy.to(postgres.host(), postgres.port());
                FaultyProxy toRedis = FaultyProxy.to(redis.host(), redis.port())) {
            String old = PostgresHistoryTest.address(postgres, toPostgres);
            String next = "redis://127.0.0.1:" + toRedis.port();
            List<Fault> oldStoreFaults =
                    StoreFaults.ofServer(postgres::pause, postgres::resume, postgres::kill, postgres::restart);
            List<Fault> newStoreFaults = StoreFaults.ofServer(redis::pause, redis::resume, redis::kill, redis::restart);
            List<Fault> network = StoreFaults.ofNetwork(List.of(toPostgres, toRedis));
            try (NodeCluster cluster =
                    new NodeCluster("MovingHistoryTest", settings, onBoth(NodeStores.PREPARING + old + "|" + next))) {
                Report report = cluster.run(client -> {
                    TimedWait.pause(BEFORE_THE_MOVE_MILLIS);
                    cluster.deploy(onBoth(NodeStores.MOVING + old + "|" + next));
                    List<String> events = new ArrayList<>(FaultInjector.run(
                            settings, List.of(cluster.nodeFaults(), oldStoreFaults, newStoreFaults, network)));
                    cluster.deploy(onBoth(NodeStores.PREPARING + next + "|" + old));
                    cluster.deploy(onBoth(NodeStores.MOVING + next + "|" + old));
                    events.addAll(FaultInjector.run(
                            settings.withAnotherSeed(), List.of(cluster.nodeFaults(), oldStoreFaults, newStoreFaults)));
                    return events;
                });

                report.assertNoViolations();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void losses_are_found_if_only_one_node_knows_of_the_move(Settings settings, @TempDir Path folder) {
        String old = "jdbc:sqlite:" + folder.resolve("old.db");
        String next = "jdbc:sqlite:" + folder.resolve("next.db");
        try (NodeCluster cluster = new NodeCluster(
                "MovingHistoryTest-one-step", settings, List.of(old, NodeStores.MOVING + old + "|" + next))) {
            Report report = cluster.run(SingleNodeTest::awaitLostWrite);

            assertThat(report.violations()).isNotEmpty();
        }
    }

    private static List<String> onBoth(String store) {
        return List.of(store, store);
    }
}
