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
 * Sessions move from a PostgreSQL to a Redis, and back, while two nodes serve them. Each step is deployed by killing one node
 * after the other, so that for a while there is one of each step, and all the while something is broken.
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
            List<Fault> oldBreaks =
                    StoreFaults.ofServer(postgres::pause, postgres::resume, postgres::kill, postgres::restart);
            List<Fault> nextBreaks = StoreFaults.ofServer(redis::pause, redis::resume, redis::kill, redis::restart);
            List<Fault> network = StoreFaults.ofNetwork(List.of(toPostgres, toRedis));
            try (Site site = new Site("MovingHistoryTest", settings, onBoth(NodeStores.PREPARING + old + "|" + next))) {
                Report report = site.run(client -> {
                    Waiting.pause(BEFORE_THE_MOVE_MILLIS);
                    site.deploy(onBoth(NodeStores.MOVING + old + "|" + next));
                    List<String> told = new ArrayList<>(
                            Faults.run(settings, List.of(site.nodeFaults(), oldBreaks, nextBreaks, network)));
                    site.deploy(onBoth(NodeStores.PREPARING + next + "|" + old));
                    site.deploy(onBoth(NodeStores.MOVING + next + "|" + old));
                    told.addAll(Faults.run(settings.another(), List.of(site.nodeFaults(), oldBreaks, nextBreaks)));
                    return told;
                });

                report.assertNothingWrongUnderFaults();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void what_is_lost_when_one_node_moves_and_the_other_knows_nothing_of_it_is_found(
            Settings settings, @TempDir Path folder) {
        String old = "jdbc:sqlite:" + folder.resolve("old.db");
        String next = "jdbc:sqlite:" + folder.resolve("next.db");
        try (Site site =
                new Site("MovingHistoryTest-hasty", settings, List.of(old, NodeStores.MOVING + old + "|" + next))) {
            Report report = site.run(OneNodeTest::untilSomethingIsLost);

            assertThat(report.violations()).isNotEmpty();
        }
    }

    private static List<String> onBoth(String store) {
        return List.of(store, store);
    }
}
