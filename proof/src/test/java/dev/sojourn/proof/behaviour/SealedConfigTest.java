package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSessions;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The configuration of sealed sessions. */
class SealedConfigTest {
    private final SettableClock clock = new SettableClock();
    private final SpyStore revoked =
            new SpyStore(MemoryStore.builder().clock(clock).build());

    private static void assertRefused(Consumer<SealedSessions.Config> options, String... parts) {
        assertThatThrownBy(() -> SealedSessions.create(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void invalid_combinations_fail_at_start_up_with_a_sentence() {
        Jwe seal = Jwe.secret(Site.SECRET);
        Revocations revocations = Revocations.in(revoked);

        assertRefused(c -> c.logoutOnlyClearsTheCookie(), "c.seal(");
        assertRefused(c -> c.seal(seal), "c.revocations(", "c.logoutOnlyClearsTheCookie()");
        assertRefused(c -> c.seal(seal).revocations(revocations).logoutOnlyClearsTheCookie(), "contradict each other");
        assertRefused(
                c -> c.seal(seal).revocations(revocations).absoluteTimeout(Duration.ZERO), "needs an absoluteTimeout");
        assertRefused(
                c -> c.seal(seal).logoutOnlyClearsTheCookie().maxAttributes(0), "maxAttributes lies between 1 and");
        assertRefused(
                c -> c.seal(seal).logoutOnlyClearsTheCookie().idleTimeout(Duration.ofDays(1)), "never comes before");
    }

    @Test
    void the_configuration_is_sealed_once_the_sessions_are_created() {
        List<SealedSessions.Config> kept = new ArrayList<>();
        SealedSessions.create(c -> {
            c.seal(Jwe.secret(Site.SECRET)).logoutOnlyClearsTheCookie();
            kept.add(c);
        });
        SealedSessions.Config config = kept.get(0);

        assertThatThrownBy(() -> config.maxAttributes(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SealedSessions.create");
        assertThatThrownBy(() -> config.clock(clock)).isInstanceOf(IllegalStateException.class);
    }
}
