package dev.sojourn.histories;

import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.PostgresServer;
import dev.sojourn.servers.RedisSentinels;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two nodes with token sessions share their keys and one store, for the sessions and the revocations. The seed chooses the
 * options of the nodes and the store: PostgreSQL, or a Redis behind sentinels.
 */
class TokensHistoryTest {
    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void tokens_end_with_their_logout_and_neither_tabs_nor_lost_responses_end_them(Settings settings) {
        AccessMode mode = AccessMode.of(settings);
        if (mode == AccessMode.FAILOVER) {
            checkFailover(settings);
        } else {
            checkPostgres(settings, mode);
        }
    }

    private static void checkPostgres(Settings settings, AccessMode mode) {
        try (PostgresServer postgres = PostgresServer.startDurable();
                FaultyProxy one = FaultyProxy.to(postgres.host(), postgres.port());
                FaultyProxy other = FaultyProxy.to(postgres.host(), postgres.port());
                AccessCluster cluster = new AccessCluster(
                        "TokensHistoryTest",
                        settings,
                        List.of(
                                stores(PostgresHistoryTest.address(postgres, one)),
                                stores(PostgresHistoryTest.address(postgres, other))),
                        mode)) {
            AccessReport report = cluster.run(List.of(
                    cluster.nodeFaults(),
                    StoreFaults.ofServer(postgres::pause, postgres::resume, postgres::kill, postgres::restart),
                    StoreFaults.ofNetwork(List.of(one, other))));

            report.assertNoViolations();
        }
    }

    /** Each master dies in turn, and comes back as a replica of its successor. */
    private static void checkFailover(Settings settings) {
        try (RedisSentinels redis = RedisSentinels.start();
                AccessCluster cluster = new AccessCluster(
                        "TokensHistoryTest",
                        settings,
                        List.of(stores(redis.uri()), stores(redis.uri())),
                        AccessMode.FAILOVER)) {
            List<Outage> outages = new CopyOnWriteArrayList<>();
            Runnable failOver = () -> {
                Outage outage = new Outage();
                outages.add(outage);
                outage.start();
                redis.killMaster();
                outage.end();
                redis.awaitFailover();
            };
            AccessReport report = cluster.run(
                    List.of(List.of(new Fault("master killed", failOver, redis::healAtOnce, 200, 600))), outages);

            report.assertNoViolations();
        }
    }

    /** The revocations have a table or a prefix of their own in the same database. */
    private static List<String> stores(String address) {
        return List.of(address, address);
    }
}
