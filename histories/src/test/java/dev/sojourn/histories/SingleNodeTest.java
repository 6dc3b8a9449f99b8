package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.histories.Violation.Rule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One node with the memory store: nothing is lost with leases, and the checker finds the losses without them. */
class SingleNodeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int CHECK_MILLIS = 250;

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void a_node_that_pauses_repeatedly_loses_nothing(Settings settings) {
        try (NodeCluster cluster = new NodeCluster("OneNodeTest", settings, List.of("memory"))) {
            List<Fault> pauses = cluster.nodeFaults().stream()
                    .filter(each -> each.name().endsWith("paused"))
                    .toList();
            Report report = cluster.run(List.of(pauses));

            report.assertNoViolations();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void losses_by_a_get_and_set_without_an_exclusive_session_are_found(Settings settings) {
        try (NodeCluster cluster = new NodeCluster("OneNodeTest", settings, List.of("memory " + Node.NO_LEASES))) {
            Report report = cluster.run(SingleNodeTest::awaitLostWrite);

            assertThat(report.violations())
                    .extracting(Violation::rule)
                    .contains(Rule.LOST_WRITE)
                    .containsOnly(Rule.LOST_WRITE, Rule.REGRESSION);
            assertThat(report.violations())
                    .extracting(Violation::message)
                    .allMatch(message -> message.contains(SessionView.NAIVE));
        }
    }

    /** Waits until a write is lost: the time until two requests conflict depends on the machine. */
    static List<String> awaitLostWrite(Client client) {
        long giveUp = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < giveUp
                && Checker.check(client.operations()).stream().noneMatch(each -> each.rule() == Rule.LOST_WRITE)) {
            TimedWait.pause(CHECK_MILLIS);
        }
        return List.of();
    }
}
