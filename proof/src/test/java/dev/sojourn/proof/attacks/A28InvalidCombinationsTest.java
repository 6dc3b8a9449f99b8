package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.CookieOptions;
import dev.sojourn.SameSite;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class A28InvalidCombinationsTest {
    private static void refused(Consumer<CookieOptions> options, String says) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transports.cookie(options))
                .withMessageContaining(says);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET).cookie(options)));
    }

    @Test
    void a_host_name_with_a_domain_or_a_path_or_without_secure_is_refused() {
        refused(k -> k.name("__Host-id").domain("example.com"), "__Host-");
        refused(k -> k.name("__Host-id").path("/app"), "__Host-");
        refused(k -> k.name("__Host-id").insecureHttp(), "__Host-");
    }

    @Test
    void a_secure_name_without_secure_is_refused() {
        refused(k -> k.name("__Secure-id").insecureHttp(), "__Secure-");
        refused(k -> k.name("__Http-id").insecureHttp(), "__Http-");
    }

    @Test
    void same_site_none_or_partitioned_without_secure_is_refused() {
        refused(k -> k.sameSite(SameSite.NONE).insecureHttp(), "SameSite=None");
        refused(k -> k.partitioned().insecureHttp(), "Partitioned");
    }

    @Test
    void a_session_that_asks_for_same_site_none_without_secure_is_refused() {
        try (Site site = new Site(c -> c.cookie(k -> k.insecureHttp()))) {
            site.page("/none", (session, exchange) -> {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> session.cookie().sameSite(SameSite.NONE));
                return "refused";
            });
            assertThat(site.get("/none").body()).isEqualTo("refused");
        }
    }

    private static void timesRefused(Consumer<Sessions.Config> options, String says) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> options.accept(c.secret(Site.SECRET))))
                .withMessageContaining(says);
    }

    @Test
    void timeouts_that_make_no_sense_together_are_refused() {
        timesRefused(c -> c.idleTimeout(Duration.ofHours(2)).absoluteTimeout(Duration.ofHours(1)), "absoluteTimeout");
        timesRefused(c -> c.idleTimeout(Duration.ZERO).absoluteTimeout(Duration.ZERO), "never end");
        timesRefused(c -> c.idleTimeout(Duration.ofMinutes(10)).touchInterval(Duration.ofMinutes(5)), "touchInterval");
        timesRefused(c -> c.touchInterval(Duration.ofSeconds(-1)), "touchInterval");
    }

    @Test
    void sizes_out_of_bounds_are_refused() {
        timesRefused(c -> c.maxSessionBytes(0), "maxSessionBytes");
        timesRefused(c -> c.maxSessionBytes(255), "maxSessionBytes");
        timesRefused(c -> c.maxSessionBytes(Integer.MAX_VALUE), "maxSessionBytes");
    }

    @Test
    void numbers_of_attributes_out_of_bounds_are_refused() {
        timesRefused(c -> c.maxAttributes(0), "maxAttributes");
        timesRefused(c -> c.maxAttributes(1_000_001), "maxAttributes");
    }

    @Test
    void limits_of_waiting_out_of_bounds_are_refused() {
        timesRefused(c -> c.maxWaitingSaves(-1), "maxWaitingSaves");
        timesRefused(c -> c.maxWaitingSaves(100_001), "maxWaitingSaves");
        timesRefused(c -> c.maxWaitingExclusive(-1), "maxWaitingExclusive");
        timesRefused(c -> c.maxHungStoreCalls(0), "maxHungStoreCalls");
    }
}
