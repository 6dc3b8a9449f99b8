package dev.sojourn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.Revocations.Config;
import dev.sojourn.SessionListener;
import dev.sojourn.SessionUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application configures and calls. */
class RevocationsTest {
    private static void assertRefused(String problem, Consumer<Config> configuration) {
        assertThatThrownBy(() -> Revocations.in(new MemoryStore(), configuration))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.099S", "PT1M0.001S"})
    void a_delay_out_of_bounds_is_refused(String delay) {
        assertRefused(
                "the delay of revocations lies between 100 milliseconds and 1 minute, not " + delay,
                c -> c.delay(Duration.parse(delay)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT2S", "PT1H0.001S"})
    void a_tolerance_that_is_no_longer_than_the_delay_or_longer_than_an_hour_is_refused(String tolerance) {
        assertRefused(
                "acceptWhileUnavailable is longer than the delay",
                c -> c.acceptWhileUnavailable(Duration.parse(tolerance)));
    }

    @Test
    void options_at_their_bounds_are_accepted_in_any_order() {
        assertThat(Revocations.in(new MemoryStore(), c -> c.delay(Duration.ofMillis(100))))
                .isNotNull();
        assertThat(Revocations.in(
                        new MemoryStore(),
                        c -> c.acceptWhileUnavailable(Duration.ofHours(1)).delay(Duration.ofMinutes(1))))
                .isNotNull();
    }

    @Test
    void a_configuration_is_sealed_once_the_revocations_exist() {
        List<Config> configs = new ArrayList<>();
        Revocations.in(new MemoryStore(), configs::add);

        assertThatThrownBy(() -> configs.get(0).delay(Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Revocations.in");
    }

    @Test
    @SuppressWarnings("NullAway") // as a caller without null checks would
    void null_is_refused_with_the_name_of_the_option() {
        assertThatThrownBy(() -> Revocations.in(null)).hasMessage("store");
        assertThatThrownBy(() -> Revocations.in(new MemoryStore(), c -> c.clock(null)))
                .hasMessage("clock");
    }

    @Test
    void health_reports_whether_the_list_can_be_read() {
        FaultyStore store = new FaultyStore();
        List<RuntimeException> failures = new ArrayList<>();
        Revocations revocations = Revocations.in(
                store,
                c -> c.listener(new SessionListener() {
                    @Override
                    public void onStoreUnavailable(RuntimeException problem) {
                        failures.add(problem);
                    }
                }));
        assertThat(revocations.health().up()).isTrue();

        store.failAll();

        assertThat(revocations.health().up()).isFalse();
        assertThat(revocations.health().problem())
                .hasValueSatisfying(problem -> assertThat(problem)
                        .startsWith("the revocations cannot be read, without which no token is accepted: "));
        assertThat(failures).hasSize(2);
    }

    @Test
    void ending_all_sessions_of_a_user_fails_if_no_sessions_are_mounted_or_the_store_is_unavailable() {
        FaultyStore store = new FaultyStore();
        Revocations revocations = Revocations.in(store);

        assertThatThrownBy(() -> revocations.endAll("alice"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no sessions with these revocations have been mounted");
        assertThatThrownBy(() -> revocations.endAll("a\nb")).isInstanceOf(IllegalArgumentException.class);

        store.failAll();
        assertThatThrownBy(() -> Revocations.in(store).endAll("alice")).isInstanceOf(SessionUnavailableException.class);
    }

    @Test
    void nothing_of_the_list_is_shown() {
        assertThat(Revocations.in(new MemoryStore())).hasToString("Revocations");
    }
}
