package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.CookieLifetime;
import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSessions;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.RecordingListener.Event;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A sealed session over real HTTP: what its cookie does in each situation. */
class SealedSessionsTest {
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

    // ---- the table

    @Test
    void a_session_that_is_never_used_costs_no_header() {
        try (SealedSite site = site()) {
            String text = site.get("/set?x").token();

            RawResponse response = site.getAs(text, "/untouched");

            assertThat(response.cookies()).isEmpty();
            assertThat(response.header("Vary")).isEmpty();
            assertThat(response.header("Cache-Control")).isEmpty();
        }
    }

    @Test
    void a_new_session_is_sealed_when_something_is_set() {
        try (SealedSite site = site()) {
            assertThat(site.get("/read").cookies()).isEmpty();

            RawResponse response = site.get("/set?x");

            assertThat(response.header("Set-Cookie").orElseThrow())
                    .startsWith("__Host-id=ey")
                    .endsWith("; Path=/; Secure; HttpOnly; SameSite=Lax");
            assertThat(response.header("Cache-Control")).hasValue("no-store");
            assertThat(response.header("Vary")).hasValue("Cookie");
            assertThat(site.listener().names()).containsExactly("created");
            assertThat(site.getAs(response.token(), "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_session_that_is_only_read_sets_no_cookie() {
        try (SealedSite site = site()) {
            String text = site.get("/login?alice").token();

            RawResponse response = site.getAs(text, "/subject");

            assertThat(response.body()).isEqualTo("alice");
            assertThat(response.cookies()).isEmpty();
            assertThat(response.header("Vary")).hasValue("Cookie");
        }
    }

    @Test
    void the_session_of_a_user_is_touched_once_in_the_touch_interval() {
        try (SealedSite site = site()) {
            String text = site.get("/login?alice").token();
            site.clock().advance(Duration.ofSeconds(59));
            assertThat(site.getAs(text, "/subject").cookies()).isEmpty();

            site.clock().advance(Duration.ofSeconds(1));
            RawResponse touched = site.getAs(text, "/subject");

            assertThat(touched.header("Cache-Control")).hasValue("no-store");
            assertThat(site.getAs(touched.token(), "/subject").cookies()).isEmpty();
            site.clock().advance(Duration.ofMinutes(29).plusSeconds(30));
            assertThat(site.getAs(touched.token(), "/subject").body()).isEqualTo("alice");
            assertThat(site.getAs(text, "/subject").body()).isEqualTo("null");
        }
    }

    @Test
    void a_session_without_a_user_is_sent_again_only_when_it_changes() {
        try (SealedSite site = site()) {
            String text = site.get("/set?x").token();
            site.clock().advance(Duration.ofMinutes(20));
            assertThat(site.getAs(text, "/read").cookies()).isEmpty();
            String changed = site.getAs(text, "/set?y").token();

            site.clock().advance(Duration.ofMinutes(20));

            assertThat(site.getAs(text, "/read").body()).isEqualTo("null");
            assertThat(site.getAs(changed, "/read").body()).isEqualTo("y");
        }
    }

    @Test
    void an_explicit_touch_extends_any_session() {
        try (SealedSite site = site()) {
            site.addPage("/touch", (session, exchange) -> {
                session.touch();
                return "ok";
            });
            String text = site.get("/set?x").token();
            site.clock().advance(Duration.ofMinutes(20));
            String touched = site.getAs(text, "/touch").token();

            site.clock().advance(Duration.ofMinutes(20));

            assertThat(site.getAs(touched, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void setting_the_same_value_seals_nothing() {
        try (SealedSite site = site()) {
            String text = site.get("/set?x").token();

            assertThat(site.getAs(text, "/set?x").cookies()).isEmpty();
        }
    }

    @Test
    void a_value_that_was_changed_in_place_is_sealed() {
        try (SealedSite site = site()) {
            site.addPage("/first", (session, exchange) -> {
                session.set("list", new ArrayList<>(List.of("a")));
                return "ok";
            });
            site.addPage("/add", (session, exchange) -> {
                @SuppressWarnings("unchecked")
                List<String> list = Objects.requireNonNull(session.get("list", List.class));
                list.add("b");
                return "ok";
            });
            site.addPage("/list", (session, exchange) -> String.valueOf(session.get("list", List.class)));

            String text = site.getAs(site.get("/first").token(), "/add").token();

            assertThat(site.getAs(text, "/list").body()).isEqualTo("[a, b]");
        }
    }

    @Test
    void a_login_gives_a_new_id_and_keeps_the_attributes() {
        try (SealedSite site = site()) {
            String anonymous = site.get("/set?x").token();
            String before = site.getAs(anonymous, "/public-id").body();
            site.listener().clear();

            String text = site.getAs(anonymous, "/login?alice").token();

            assertThat(site.getAs(text, "/subject").body()).isEqualTo("alice");
            assertThat(site.getAs(text, "/read").body()).isEqualTo("x");
            String after = site.getAs(text, "/public-id").body();
            assertThat(after).hasSize(22).isNotEqualTo(before);
            assertThat(site.listener().names()).containsExactly("idChanged", "signedIn");
            Event changed = site.listener().single("idChanged");
            assertThat(changed.session().publicId()).isEqualTo(after);
            assertThat(changed.details().get(1)).isEqualTo(before);
        }
    }

    @Test
    void a_login_as_another_user_starts_empty() {
        try (SealedSite site = site()) {
            String alice =
                    site.getAs(site.get("/login?alice").token(), "/set?secret").token();

            String bob = site.getAs(alice, "/login?bob").token();

            assertThat(site.getAs(bob, "/subject").body()).isEqualTo("bob");
            assertThat(site.getAs(bob, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void the_subject_is_normalized_by_the_applications_rule() {
        try (SealedSite site = new SealedSite(c -> c.normalizeSubjects(name -> name.toLowerCase(Locale.ROOT)))) {
            String text = site.get("/login?ALICE").token();

            assertThat(site.getAs(text, "/subject").body()).isEqualTo("alice");
            assertThat(site.sessions().normalizeSubject("Alice")).isEqualTo("alice");
        }
    }

    @Test
    void regenerate_empties_the_session_and_gives_it_a_new_id() {
        try (SealedSite site = site()) {
            String text = site.getAs(site.get("/login?alice").token(), "/set?x").token();
            site.listener().clear();

            String next = site.getAs(text, "/regenerate").token();

            assertThat(site.getAs(next, "/read").body()).isEqualTo("null");
            assertThat(site.getAs(next, "/subject").body()).isEqualTo("null");
            assertThat(site.listener().names()).containsExactly("destroyed", "idChanged");
            assertThat(site.listener().single("destroyed").details().get(1)).isEqualTo(DestroyReason.REPLACED);
        }
    }

    @Test
    void destroy_clears_the_cookie() {
        try (SealedSite site = site()) {
            String text = site.get("/login?alice").token();
            site.listener().clear();

            RawResponse response = site.getAs(text, "/logout");

            assertCleared(response);
            assertThat(response.header("Cache-Control")).hasValue("no-store");
            assertThat(site.listener().single("destroyed").details().get(1)).isEqualTo(DestroyReason.DESTROYED);
        }
    }

    @Test
    void destroying_no_session_sets_no_header() {
        try (SealedSite site = site()) {
            assertThat(site.get("/logout").cookies()).isEmpty();
        }
    }

    @Test
    void attributes_that_are_set_after_destroy_go_into_another_session() {
        try (SealedSite site = node()) {
            site.addPage("/restart", (session, exchange) -> {
                session.destroy();
                session.set("a", "new");
                return "ok";
            });
            String text = site.get("/login?alice").token();

            String next = site.getAs(text, "/restart").token();

            assertThat(site.getAs(next, "/read").body()).isEqualTo("new");
            assertThat(site.getAs(next, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(text, "/subject").body()).isEqualTo("null");
        }
    }

    @Test
    void discarded_changes_are_not_sealed() {
        try (SealedSite site = site()) {
            site.addPage("/discard", (session, exchange) -> {
                session.set("a", "y");
                session.destroy();
                session.discard();
                return String.valueOf(session.get("a", String.class));
            });
            String text = site.get("/set?x").token();

            RawResponse response = site.getAs(text, "/discard");

            assertThat(response.body()).isEqualTo("x");
            assertThat(response.cookies()).isEmpty();
        }
    }

    // ---- ends

    @Test
    void an_expired_session_reads_as_absent_is_reported_and_loses_its_cookie() {
        try (SealedSite site = site()) {
            String text = site.get("/set?x").token();
            site.listener().clear();
            site.clock().advance(Duration.ofMinutes(30));

            RawResponse response = site.getAs(text, "/read");

            assertThat(response.body()).isEqualTo("null");
            assertCleared(response);
            assertThat(site.listener().single("expired").details().get(1)).isEqualTo(Timeout.IDLE);
        }
    }

    @Test
    void no_touch_extends_a_session_over_its_absolute_timeout() {
        try (SealedSite site = site()) {
            String text = site.get("/login?alice").token();
            for (int minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
                site.clock().advance(Duration.ofMinutes(20));
                text = site.getAs(text, "/subject").token();
            }
            assertThat(site.getAs(text, "/subject").body()).isEqualTo("alice");
            site.listener().clear();

            site.clock().advance(Duration.ofMinutes(20));

            assertThat(site.getAs(text, "/subject").body()).isEqualTo("null");
            assertThat(site.listener().single("expired").details().get(1)).isEqualTo(Timeout.ABSOLUTE);
        }
    }

    @Test
    void a_session_may_shorten_its_absolute_timeout_but_not_lengthen_it() {
        try (SealedSite site = site()) {
            site.addPage("/shorten", (session, exchange) -> {
                session.absoluteTimeout(Duration.ofMinutes(5));
                return session.absoluteTimeout().toString();
            });
            site.addPage("/lengthen", (session, exchange) -> {
                assertThatThrownBy(() -> session.absoluteTimeout(Duration.ofHours(13)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("c.absoluteTimeout");
                assertThatThrownBy(() -> session.absoluteTimeout(Duration.ZERO))
                        .isInstanceOf(IllegalArgumentException.class);
                return "refused";
            });
            RawResponse shortened = site.get("/shorten");
            assertThat(shortened.body()).isEqualTo("PT5M");
            assertThat(site.get("/lengthen").body()).isEqualTo("refused");

            site.clock().advance(Duration.ofMinutes(5));

            assertThat(site.getAs(shortened.token(), "/read").cookies()).isNotEmpty();
            assertThat(site.listener().single("expired").details().get(1)).isEqualTo(Timeout.ABSOLUTE);
        }
    }

    @Test
    void a_persistent_cookie_is_sent_with_the_rest_of_its_session() {
        try (SealedSite site = new SealedSite(c -> c.cookie(k -> k.lifetime(CookieLifetime.session())))) {
            RawResponse response = site.get("/set?x");

            assertThat(response.header("Set-Cookie").orElseThrow()).contains("; Max-Age=1800;");
        }
    }

    @Test
    void the_cookies_own_settings_are_sealed_with_it() {
        try (SealedSite site = site()) {
            site.addPage("/remember", (session, exchange) -> {
                session.cookie().lifetime(CookieLifetime.of(Duration.ofDays(1)));
                return "ok";
            });
            site.addPage(
                    "/lifetime",
                    (session, exchange) -> session.cookie().lifetime().toString());
            RawResponse remembered = site.getAs(site.get("/set?x").token(), "/remember");
            assertThat(remembered.header("Set-Cookie").orElseThrow()).contains("; Max-Age=86400;");

            String lifetime = site.getAs(remembered.token(), "/lifetime").body();

            assertThat(lifetime).isEqualTo(CookieLifetime.of(Duration.ofDays(1)).toString());
        }
    }

    @Test
    void a_beginning_less_than_a_minute_ahead_is_a_slow_clock_and_a_later_one_does_not_count() {
        SettableClock ahead = new SettableClock();
        try (SealedSite fast = new SealedSite(ahead, SealedSessions.Config::logoutOnlyClearsTheCookie);
                SealedSite site = new SealedSite(clock, SealedSessions.Config::logoutOnlyClearsTheCookie)) {
            ahead.set(clock.instant().plusSeconds(60));
            String little = fast.get("/set?x").token();
            ahead.advance(Duration.ofSeconds(1));
            String much = fast.get("/set?x").token();

            assertThat(site.getAs(little, "/read").body()).isEqualTo("x");
            RawResponse refused = site.getAs(much, "/read");
            assertThat(refused.body()).isEqualTo("null");
            assertThat(refused.cookies()).isEmpty();
        }
    }

    // ---- keys

    @Test
    void a_session_of_an_older_secret_is_sealed_again_with_the_next_touch_or_change() {
        try (SealedSite before = new SealedSite(clock, SealedSessions.Config::logoutOnlyClearsTheCookie);
                SealedSite after = new SealedSite(
                        clock, c -> c.logoutOnlyClearsTheCookie().seal(Jwe.secret(Site.OTHER_SECRET, Site.SECRET)));
                SealedSite later =
                        new SealedSite(clock, c -> c.logoutOnlyClearsTheCookie().seal(Jwe.secret(Site.OTHER_SECRET)))) {
            String old = before.get("/login?alice").token();
            assertThat(after.getAs(old, "/subject").body()).isEqualTo("alice");
            assertThat(after.getAs(old, "/subject").cookies()).isEmpty();
            clock.advance(Duration.ofMinutes(1));

            String touched = after.getAs(old, "/subject").token();
            String changed = after.getAs(old, "/set?x").token();

            assertThat(later.getAs(touched, "/subject").body()).isEqualTo("alice");
            assertThat(later.getAs(changed, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_session_of_an_unknown_key_reads_as_absent_and_keeps_its_cookie_and_a_write_is_a_503() {
        try (SealedSite newer =
                        new SealedSite(clock, c -> c.logoutOnlyClearsTheCookie().seal(Jwe.secret(Site.OTHER_SECRET)));
                SealedSite older = new SealedSite(clock, SealedSessions.Config::logoutOnlyClearsTheCookie)) {
            String text = newer.get("/login?alice").token();

            RawResponse read = older.getAs(text, "/subject");

            assertThat(read.body()).isEqualTo("null");
            assertThat(read.cookies()).isEmpty();
            assertThat(older.listener().single("tokenRefused").details()).contains(TokenRefusal.UNKNOWN_KEY);
            for (String write : List.of("/set?x", "/logout", "/regenerate")) {
                RawResponse refused = older.getAs(text, write);
                assertThat(refused.status()).as(write).isEqualTo(503);
                assertThat(refused.header("Retry-After")).as(write).hasValue("1");
                assertThat(refused.cookies()).as(write).isEmpty();
            }
            assertThat(newer.getAs(text, "/subject").body()).isEqualTo("alice");
        }
    }
}
