package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.CookieOptions;
import dev.sojourn.CsrfOptions;
import dev.sojourn.MemoryStore;
import dev.sojourn.OnLimit;
import dev.sojourn.SameSite;
import dev.sojourn.SealedSessions;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.express.Express;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.UserIndex;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class A28InvalidCombinationsTest {
    private static void assertRefused(Consumer<CookieOptions> options, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Transports.cookie(options))
                .withMessageContaining(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET).cookie(options)));
    }

    @Test
    void a_host_prefix_with_a_domain_a_path_or_without_secure_is_refused() {
        assertRefused(k -> k.name("__Host-id").domain("example.com"), "__Host-");
        assertRefused(k -> k.name("__Host-id").path("/app"), "__Host-");
        assertRefused(k -> k.name("__Host-id").insecureHttp(), "__Host-");
    }

    @Test
    void a_secure_prefix_without_secure_is_refused() {
        assertRefused(k -> k.name("__Secure-id").insecureHttp(), "__Secure-");
        assertRefused(k -> k.name("__Http-id").insecureHttp(), "__Http-");
    }

    @Test
    void same_site_none_or_partitioned_without_secure_is_refused() {
        assertRefused(k -> k.sameSite(SameSite.NONE).insecureHttp(), "SameSite=None");
        assertRefused(k -> k.partitioned().insecureHttp(), "Partitioned");
    }

    @Test
    void a_session_setting_same_site_none_without_secure_is_refused() {
        try (Site site = new Site(c -> c.cookie(k -> k.insecureHttp()))) {
            site.addPage("/none", (session, exchange) -> {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> session.cookie().sameSite(SameSite.NONE));
                return "refused";
            });
            assertThat(site.get("/none").body()).isEqualTo("refused");
        }
    }

    private static void assertTimesRefused(Consumer<Sessions.Config> options, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> options.accept(c.secret(Site.SECRET))))
                .withMessageContaining(message)
                .satisfies(refusal -> assertThat(refusal.getMessage())
                        .as("one short line")
                        .hasSizeLessThan(300)
                        .doesNotContain("\n", "Exception"));
    }

    @Test
    void contradictory_timeouts_are_refused() {
        assertTimesRefused(
                c -> c.idleTimeout(Duration.ofHours(2)).absoluteTimeout(Duration.ofHours(1)), "absoluteTimeout");
        assertTimesRefused(c -> c.idleTimeout(Duration.ZERO).absoluteTimeout(Duration.ZERO), "never end");
        assertTimesRefused(
                c -> c.idleTimeout(Duration.ofMinutes(10)).touchInterval(Duration.ofMinutes(5)), "touchInterval");
        assertTimesRefused(c -> c.touchInterval(Duration.ofSeconds(-1)), "touchInterval");
    }

    @Test
    void contradictory_options_of_token_renewal_are_refused() {
        Duration interval = Duration.ofMinutes(15);
        assertTimesRefused(c -> c.renewTokenEvery(Duration.ofSeconds(59)), "renewTokenEvery lies between 1 minute");
        assertTimesRefused(c -> c.renewTokenEvery(Duration.ZERO), "renewTokenEvery lies between 1 minute");
        assertTimesRefused(
                c -> c.renewTokenEvery(Duration.ofDays(3_651)).absoluteTimeout(Duration.ZERO), "renewTokenEvery lies");
        assertTimesRefused(c -> c.renewTokenEvery(Duration.ofHours(12)), "never comes before the absoluteTimeout");
        assertTimesRefused(
                c -> c.renewTokenEvery(interval).renewalGrace(interval.plusMillis(1)), "renewalGrace lies between");
        assertTimesRefused(
                c -> c.renewTokenEvery(interval).renewalGrace(Duration.ofMillis(999)), "renewalGrace lies between");
        assertTimesRefused(c -> c.renewalGrace(interval), "has no effect without renewTokenEvery");
        assertTimesRefused(
                c -> c.renewTokenEvery(interval).transport(Transports.bearer()), "needs sessions in a cookie");
        assertTimesRefused(
                c -> c.renewTokenEvery(interval).tokenFormat(new PlainTokens()), "no room for the generation");
        assertTimesRefused(
                c -> c.renewTokenEvery(interval)
                        .recordFormat(Express.recordFormat(new MemoryStore(), e -> e.secret(Site.SECRET))),
                "no room for the generation");
    }

    /** A token format of another library. */
    private static final class PlainTokens implements TokenFormat {
        @Override
        public String write(String id) {
            return id;
        }

        @Override
        public Optional<VerifiedId> read(String token) {
            return Optional.of(new VerifiedId(token, false));
        }
    }

    @Test
    void sizes_out_of_range_are_refused() {
        assertTimesRefused(c -> c.maxSessionBytes(0), "maxSessionBytes");
        assertTimesRefused(c -> c.maxSessionBytes(255), "maxSessionBytes");
        assertTimesRefused(c -> c.maxSessionBytes(Integer.MAX_VALUE), "maxSessionBytes");
    }

    @Test
    void attribute_limits_out_of_range_are_refused() {
        assertTimesRefused(c -> c.maxAttributes(0), "maxAttributes");
        assertTimesRefused(c -> c.maxAttributes(1_000_001), "maxAttributes");
    }

    @Test
    void waiter_limits_out_of_range_are_refused() {
        assertTimesRefused(c -> c.maxWaitingSaves(-1), "maxWaitingSaves");
        assertTimesRefused(c -> c.maxWaitingSaves(100_001), "maxWaitingSaves");
        assertTimesRefused(c -> c.maxWaitingExclusive(-1), "maxWaitingExclusive");
        assertTimesRefused(c -> c.maxHungStoreCalls(0), "maxHungStoreCalls");
    }

    @Test
    void unusable_quiet_paths_and_unknown_site_data_are_refused() {
        assertTimesRefused(c -> c.quiet("poll"), "a quiet path must begin with '/'");
        assertTimesRefused(c -> c.quiet("/poll/*"), "a quiet path must begin with '/'");
        assertTimesRefused(c -> c.requireSignIn(""), "a requireSignIn path must begin with '/'");
        assertTimesRefused(c -> c.requireSignIn("/a/../b"), "a requireSignIn path must begin with '/'");
        assertTimesRefused(c -> c.clearSiteData("cache", "everything"), "'everything'");
        assertTimesRefused(c -> c.clearSiteData(""), "clearSiteData");
    }

    @Test
    void a_session_limit_that_cannot_be_kept_is_refused() {
        assertTimesRefused(c -> c.maxSessionsPerUser(0, OnLimit.REFUSE_LOGIN), "maxSessionsPerUser");
        assertTimesRefused(c -> c.maxSessionsPerUser(10_001, OnLimit.END_OLDEST), "maxSessionsPerUser");
        assertTimesRefused(c -> c.store(new StoreWithoutIndex()).maxSessionsPerUser(1, OnLimit.ASK), "index of users");
        assertTimesRefused(
                c -> c.recordFormat(Express.recordFormat(new MemoryStore(), e -> e.secret(Site.SECRET)))
                        .maxSessionsPerUser(1, OnLimit.ASK),
                "record format");
    }

    @Test
    void options_of_remember_me_that_contradict_each_other_or_the_sessions_are_refused() {
        assertTimesRefused(c -> c.rememberMe().transport(Transports.bearer()), "needs sessions in a cookie");
        assertTimesRefused(c -> c.rememberMe().store(new StoreWithoutIndex()), "userIndex()");
        assertTimesRefused(
                c -> c.rememberMe().recordFormat(Express.recordFormat(new MemoryStore(), e -> e.secret(Site.SECRET))),
                "no room for remembered browsers");
        assertTimesRefused(
                c -> c.rememberMe(r -> r.lifetime(Duration.ofMinutes(30))), "longer than a session lives unused");
        assertTimesRefused(c -> c.rememberMe(r -> r.lifetime(Duration.ofDays(-1))), "lifetime of remember-me");
        assertTimesRefused(c -> c.rememberMe(r -> r.lifetime(Duration.ofDays(401))), "at most 400 days");
        assertTimesRefused(c -> c.rememberMe(r -> r.lostAnswers(Duration.ofSeconds(30))), "lostAnswers");
        assertTimesRefused(c -> c.rememberMe(r -> r.lostAnswers(Duration.ofDays(31))), "lostAnswers");
        assertTimesRefused(c -> c.rememberMe(r -> r.cookieName("__Host-id")), "the name of the session cookie");
        assertTimesRefused(
                c -> c.cookie(k -> k.insecureHttp()).rememberMe(r -> r.cookieName("__Host-remember")), "__Host-");
        assertTimesRefused(c -> c.rememberMe(r -> r.cookieName("a b")), "cookie");
    }

    /** A store that cannot find the sessions of a user. */
    private static final class StoreWithoutIndex extends ForwardingStore {
        private final MemoryStore store = new MemoryStore();

        @Override
        protected SessionStore store() {
            return store;
        }

        @Override
        public Optional<UserIndex> userIndex() {
            return Optional.empty();
        }
    }

    private static void assertCsrfRefused(Consumer<CsrfOptions> options, String message) {
        assertTimesRefused(c -> c.csrf(options), message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealedSessions.create(c -> c.seal(Jwe.secret(Site.SECRET))
                        .logoutOnlyClearsTheCookie()
                        .csrf(options)))
                .withMessageContaining(message);
    }

    @Test
    void options_against_requests_of_other_sites_that_mean_nothing_are_refused() {
        assertCsrfRefused(k -> k.trustedOrigin("*"), "trustedOrigin");
        assertCsrfRefused(k -> k.trustedOrigin("https://app.example.com/"), "trustedOrigin");
        assertCsrfRefused(k -> k.trustedOrigin("app.example.com"), "trustedOrigin");
        assertCsrfRefused(k -> k.trustedOrigin("null"), "trustedOrigin");
        assertCsrfRefused(k -> k.ownOrigin("https://user@shop.example"), "ownOrigin");
        assertCsrfRefused(k -> k.exempt("hooks"), "an exempt path");
        assertCsrfRefused(k -> k.exempt("/hooks/*"), "an exempt path");
        assertCsrfRefused(k -> k.requireToken("/a/../b"), "a requireToken path");
        assertCsrfRefused(k -> k.checkWithoutCookie("/a;b"), "a checkWithoutCookie path");
    }

    @Test
    void options_against_requests_of_other_sites_that_contradict_each_other_are_refused() {
        assertCsrfRefused(k -> k.off().reportOnly(), "off()");
        assertCsrfRefused(k -> k.off().trustedOrigin("https://app.example.com"), "off()");
        assertCsrfRefused(k -> k.exempt("/login").checkWithoutCookie("/login"), "/login");
        assertCsrfRefused(k -> k.exempt("/pay").requireToken("/pay"), "/pay");
        assertCsrfRefused(k -> k.exempt("/pay").requireToken("/pay/now"), "/pay/now");
        assertCsrfRefused(k -> k.exempt("/pay/").checkWithoutCookie("/pay"), "/pay");
    }
}
