package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.histories.Violation.Rule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One node that keeps its sessions in its own memory: nothing is lost, and where something must be, the checker sees it. */
class OneNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LOOK_MILLIS = 250;

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void a_node_that_stands_still_now_and_then_loses_nothing(Settings settings) {
        try (Site site = new Site("OneNodeTest", settings, List.of("memory"))) {
            List<Fault> still = site.nodeFaults().stream()
                    .filter(each -> each.name().endsWith("stood still"))
                    .toList();
            Report report = site.run(List.of(still));

            report.assertNothingWrongUnderFaults();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void what_a_plain_get_then_set_loses_without_an_exclusive_session_is_found(Settings settings) {
        try (Site site = new Site("OneNodeTest", settings, List.of("memory " + Node.CARELESS))) {
            Report report = site.run(OneNodeTest::untilSomethingIsLost);

            assertThat(report.violations())
                    .extracting(Violation::rule)
                    .contains(Rule.LOST_WRITE)
                    .containsOnly(Rule.LOST_WRITE, Rule.WENT_BACK);
            assertThat(report.violations()).extracting(Violation::what).allMatch(what -> what.contains(View.NAIVE));
        }
    }

    /** How soon two requests meet is the machine's business; that they do is certain. */
    static List<String> untilSomethingIsLost(Client client) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < giveUp
                && Checker.check(client.operations()).stream().noneMatch(each -> each.rule() == Rule.LOST_WRITE)) {
            Waiting.pause(LOOK_MILLIS);
        }
        return List.of();
    }
}
