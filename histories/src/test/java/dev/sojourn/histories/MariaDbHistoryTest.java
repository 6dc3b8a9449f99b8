package dev.sojourn.histories;

import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.MariaDbServer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes with one MariaDB that syncs every write. */
class MariaDbHistoryTest {
    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void two_nodes_with_a_durable_mariadb_lose_nothing(Settings settings) {
        try (MariaDbServer maria = MariaDbServer.startDurable();
                FaultyProxy one = FaultyProxy.to(maria.host(), maria.port());
                FaultyProxy other = FaultyProxy.to(maria.host(), maria.port());
                NodeCluster site = new NodeCluster(
                        "MariaDbHistoryTest", settings, List.of(address(maria, one), address(maria, other)))) {
            Report report = site.run(List.of(
                    site.nodeFaults(),
                    StoreFaults.ofServer(maria::pause, maria::resume, maria::kill, maria::restart),
                    StoreFaults.ofNetwork(List.of(one, other))));

            report.assertNoViolations();
        }
    }

    private static String address(MariaDbServer maria, FaultyProxy proxy) {
        return "jdbc:mariadb://127.0.0.1:" + proxy.port() + "/test?user=" + maria.user() + "&password="
                + maria.password();
    }
}
