package dev.sojourn.histories;

import dev.sojourn.servers.FaultyProxy;
import dev.sojourn.servers.PostgresServer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes with one PostgreSQL that syncs every write. */
class PostgresHistoryTest {
    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void two_nodes_with_a_durable_postgresql_lose_nothing(Settings settings) {
        try (PostgresServer postgres = PostgresServer.startDurable();
                FaultyProxy one = FaultyProxy.to(postgres.host(), postgres.port());
                FaultyProxy other = FaultyProxy.to(postgres.host(), postgres.port());
                NodeCluster site = new NodeCluster(
                        "PostgresHistoryTest", settings, List.of(address(postgres, one), address(postgres, other)))) {
            Report report = site.run(List.of(
                    site.nodeFaults(),
                    StoreFaults.ofServer(postgres::pause, postgres::resume, postgres::kill, postgres::restart),
                    StoreFaults.ofNetwork(List.of(one, other))));

            report.assertNoViolations();
        }
    }

    /** Returns the database's address behind a proxy. */
    static String address(PostgresServer postgres, FaultyProxy proxy) {
        return "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres?user=" + postgres.user() + "&password="
                + postgres.password();
    }
}
