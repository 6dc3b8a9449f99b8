package dev.sojourn.histories;

import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.PostgresServer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes with token sessions share their keys and one PostgreSQL, for the sessions and the revocations. */
class TokensHistoryTest {
    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void tokens_end_with_their_logout_and_neither_tabs_nor_lost_responses_end_them(Settings settings) {
        try (PostgresServer postgres = PostgresServer.startDurable();
                FaultyProxy one = FaultyProxy.to(postgres.host(), postgres.port());
                FaultyProxy other = FaultyProxy.to(postgres.host(), postgres.port());
                AccessCluster cluster = new AccessCluster(
                        "TokensHistoryTest",
                        settings,
                        AccessFlavor.TOKENS,
                        List.of(
                                stores(PostgresHistoryTest.address(postgres, one)),
                                stores(PostgresHistoryTest.address(postgres, other))))) {
            AccessReport report = cluster.run(List.of(
                    cluster.nodeFaults(),
                    StoreFaults.ofServer(postgres::pause, postgres::resume, postgres::kill, postgres::restart),
                    StoreFaults.ofNetwork(List.of(one, other))));

            report.assertNoViolations();
        }
    }

    /** The revocations have a table of their own in the same database. */
    private static List<String> stores(String address) {
        return List.of(address, address);
    }
}
