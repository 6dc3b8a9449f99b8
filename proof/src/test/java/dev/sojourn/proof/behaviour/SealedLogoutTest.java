package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.SealFormat;
import dev.sojourn.spi.StoreException;
import dev.sojourn.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A logout of sealed sessions over real HTTP, on several nodes that share the revocations. */
class SealedLogoutTest {
    private final SettableClock clock = new SettableClock();
    private final SpyStore revoked =
            new SpyStore(MemoryStore.builder().clock(clock).build());

    private static SealedSite site() {
        return new SealedSite(c -> {});
    }

    /** Returns one of several nodes with revocations. */
    private SealedSite node() {
        Revocations revocations = Revocations.in(revoked, r -> r.clock(clock));
        return new SealedSite(clock, c -> c.revocations(revocations));
    }

    private static void assertCleared(RawResponse response) {
        assertThat(response.header("Set-Cookie").orElseThrow()).startsWith("__Host-id=; Path=/; Max-Age=0");
    }

    @Test
    void a_logout_is_known_at_once_on_its_node_and_after_the_delay_on_others() {
        try (SealedSite one = node();
                SealedSite other = node()) {
            String text = one.get("/login?alice").token();
            assertThat(other.getAs(text, "/subject").body()).isEqualTo("alice");

            assertCleared(one.getAs(text, "/logout"));

            assertThat(one.getAs(text, "/subject").body()).isEqualTo("null");
            clock.advance(Duration.ofSeconds(2));
            one.listener().clear();
            RawResponse replayed = other.getAs(text, "/subject");
            assertThat(replayed.body()).isEqualTo("null");
            assertThat(replayed.cookies()).isEmpty();
            assertThat(other.listener().single("tokenRefused").details()).contains(TokenRefusal.REVOKED);
        }
    }

    @Test
    void a_login_ends_the_former_session_of_a_user_and_no_anonymous_one() {
        try (SealedSite site = node()) {
            String anonymous = site.get("/set?x").token();
            String first = site.getAs(anonymous, "/login?alice").token();
            assertThat(site.getAs(anonymous, "/read").body()).isEqualTo("x");

            String second = site.getAs(first, "/login?alice").token();

            assertThat(site.getAs(first, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(second, "/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void a_regenerated_session_is_ended() {
        try (SealedSite site = node()) {
            String text = site.get("/set?x").token();
            String next = site.getAs(text, "/regenerate").token();

            assertThat(site.getAs(text, "/read").body()).isEqualTo("null");
            assertThat(site.getAs(next, "/public-id").cookies()).isEmpty();
        }
    }

    @Test
    void ending_all_sessions_of_a_user_ends_them_everywhere_and_a_later_login_works() {
        try (SealedSite site = node()) {
            String phone = site.get("/login?alice").token();
            String laptop = site.get("/login?alice").token();
            String bob = site.get("/login?bob").token();

            site.sessions().revocations().orElseThrow().endAll("alice");

            assertThat(site.getAs(phone, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(laptop, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(bob, "/subject").body()).isEqualTo("bob");
            String later = site.get("/login?alice").token();
            assertThat(site.getAs(later, "/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void a_login_after_the_end_of_all_sessions_counts_at_once_on_a_node_that_knows_only_an_earlier_end() {
        try (SealedSite one = node();
                SealedSite other = node()) {
            one.sessions().revocations().orElseThrow().endAll("alice");
            String former = one.get("/login?alice").token();
            assertThat(other.getAs(former, "/subject").body()).isEqualTo("alice");
            one.sessions().revocations().orElseThrow().endAll("alice");

            String later = one.get("/login?alice").token();

            assertThat(other.getAs(later, "/subject").body()).isEqualTo("alice");
            revoked.clearCalls();
            assertThat(other.getAs(former, "/subject").body()).isEqualTo("null");
            assertThat(other.getAs(later, "/subject").body()).isEqualTo("alice");
            assertThat(revoked.calls()).isEmpty();
        }
    }

    @Test
    void a_login_during_which_all_sessions_of_the_user_are_ended_fails_with_409() {
        try (SealedSite site = node()) {
            site.addPage("/slow-login", (session, exchange) -> {
                session.login("alice");
                site.sessions().revocations().orElseThrow().endAll("alice");
                return "ok";
            });

            RawResponse response = site.get("/slow-login");

            assertThat(response.status()).isEqualTo(409);
            assertThat(response.cookies()).isEmpty();
        }
    }

    @Test
    void a_login_that_fails_because_the_revocations_cannot_be_read_saves_nothing_of_its_request() {
        try (SealedSite site = node()) {
            site.addPage("/set-and-login", (session, exchange) -> {
                session.set("x", "y");
                session.login("alice");
                return "ok";
            });
            revoked.failBefore("load", () -> StoreException.notDone("the store is down", null));

            RawResponse response = site.get("/set-and-login");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.body()).contains("Nothing was saved");
            assertThat(response.cookies()).isEmpty();
        }
    }

    @Test
    void a_logout_that_cannot_be_stored_answers_503_and_keeps_the_cookie() {
        try (SealedSite site = node()) {
            String text = site.get("/login?alice").token();
            site.getAs(text, "/subject");
            for (String call : List.of("load", "create", "compareAndSet")) {
                revoked.failBefore(call, () -> StoreException.notDone("the store is down", null));
            }

            RawResponse response = site.getAs(text, "/logout");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("Retry-After")).hasValue("1");
            assertThat(response.cookies()).isEmpty();
            revoked.clearFailures();
            assertThat(site.getAs(text, "/subject").body()).isEqualTo("alice");
            assertCleared(site.getAs(text, "/logout"));
        }
    }

    @Test
    void while_the_revocations_cannot_be_read_a_session_fails_with_503_and_a_request_without_one_does_not() {
        try (SealedSite site = node()) {
            String text = site.get("/login?alice").token();
            revoked.failBefore("load", () -> StoreException.notDone("the store is down", null));
            clock.advance(Duration.ofSeconds(3));

            assertThat(site.getAs(text, "/subject").status()).isEqualTo(503);
            assertThat(site.getAs(text, "/untouched").status()).isEqualTo(200);
            assertThat(site.get("/set?x").status()).isEqualTo(200);
        }
    }

    @Test
    void without_revocations_a_copy_of_the_cookie_survives_the_logout() {
        try (SealedSite site = site()) {
            String text = site.get("/login?alice").token();
            site.getAs(text, "/logout");

            assertThat(site.getAs(text, "/subject").body()).isEqualTo("alice");
            assertThat(site.sessions().revocations()).isEmpty();
        }
    }

    @Test
    void a_session_that_is_regenerated_after_a_login_has_neither_the_user_nor_the_users_tag() {
        try (SealedSite site = node()) {
            site.addPage("/login-and-regenerate", (session, exchange) -> {
                session.login("alice");
                session.regenerate();
                return "ok";
            });
            site.get("/login?alice");
            site.sessions().revocations().orElseThrow().endAll("alice");

            assertThat(contentOf(site.get("/login?alice").token())).contains("\"subject\":\"alice\",\"tag\":\"");
            assertThat(contentOf(site.get("/login-and-regenerate").token()))
                    .doesNotContain("\"subject\"")
                    .doesNotContain("\"tag\"");
        }
    }

    private String contentOf(String text) {
        SealFormat.Opened opened = Jwe.secret(Site.SECRET)
                .forPurpose("session __Host-id")
                .open(text, clock.instant(), Duration.ofHours(12));
        return new String(((SealFormat.Opened.Content) opened).bytes(), StandardCharsets.UTF_8);
    }
}
