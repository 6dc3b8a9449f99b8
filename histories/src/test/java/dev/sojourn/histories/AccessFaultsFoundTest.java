package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.histories.AccessViolation.Rule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checker finds the violations of nodes that are configured wrongly. */
class AccessFaultsFoundTest {
    private static final String PRIVATE_STORE = "memory";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void sealed_sessions_outlive_a_logout_if_each_node_has_its_own_revocations(Settings settings) {
        List<String> stores = List.of(PRIVATE_STORE);
        try (AccessCluster cluster = new AccessCluster(
                "AccessFaultsFoundTest-sealed", settings, AccessFlavor.SEALED, List.of(stores, stores))) {
            AccessReport report = cluster.runUntilViolated(Rule.ACCEPTED_AFTER_LOGOUT);

            assertThat(report.counts().keySet()).contains(Rule.ACCEPTED_AFTER_LOGOUT);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void access_tokens_outlive_a_logout_if_each_node_has_its_own_revocations(Settings settings) {
        List<String> stores = List.of(PRIVATE_STORE, sharedStore());
        try (AccessCluster cluster = new AccessCluster(
                "AccessFaultsFoundTest-tokens", settings, AccessFlavor.TOKENS, List.of(stores, stores))) {
            AccessReport report = cluster.runUntilViolated(Rule.ACCEPTED_AFTER_LOGOUT);

            assertThat(report.counts().keySet())
                    .contains(Rule.ACCEPTED_AFTER_LOGOUT)
                    .doesNotContain(Rule.REFRESHED_AFTER_LOGOUT, Rule.SIGNED_OUT, Rule.SECOND_SUCCESSOR);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void two_tabs_get_two_successors_if_the_clock_of_one_node_is_ahead(Settings settings) {
        List<String> stores = List.of("jdbc:sqlite:" + folder.resolve("revocations.db"), sharedStore());
        try (AccessCluster cluster = new AccessCluster(
                "AccessFaultsFoundTest-clock",
                settings,
                AccessFlavor.TOKENS,
                List.of(stores, stores),
                Duration.ofSeconds(50))) {
            AccessReport report = cluster.runUntilViolated(Rule.SECOND_SUCCESSOR);

            assertThat(report.counts().keySet()).contains(Rule.SECOND_SUCCESSOR);
        }
    }

    private String sharedStore() {
        return "jdbc:sqlite:" + folder.resolve("sessions.db");
    }
}
