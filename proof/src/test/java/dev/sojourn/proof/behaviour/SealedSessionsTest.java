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
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.StoreException;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A sealed session over real HTTP: what its cookie does in each situation, and what it refuses. */
class SealedSessionsTest {
    private final SettableClock clock = new SettableClock();
    private final SpyStore revoked =
            new SpyStore(MemoryStore.builder().clock(clock).build());

    private static SealedSite site() {
        return new SealedSite(c -> {});
    }

    /** Returns one of several nodes with revocations. */
    private SealedSite node() {
        return node(c -> {});
    }

    private SealedSite node(Consumer<SealedSessions.Config> options) {
        Revocations revocations = Revocations.in(revoked, r -> r.clock(clock));
        return new SealedSite(clock, c -> {
            c.revocations(revocations);
            options.accept(c);
        });
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
                List<String> list = session.get("list", List.class);
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
        try (SealedSite site =
                new SealedSite(c -> c.normalizeSubjects(name -> name.toLowerCase(java.util.Locale.ROOT)))) {
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

    // ---- logout

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
            for (String write : List.of("/set?x", "/login?bob", "/logout", "/regenerate")) {
                RawResponse refused = older.getAs(text, write);
                assertThat(refused.status()).as(write).isEqualTo(503);
                assertThat(refused.header("Retry-After")).as(write).hasValue("1");
                assertThat(refused.cookies()).as(write).isEmpty();
            }
            assertThat(newer.getAs(text, "/subject").body()).isEqualTo("alice");
        }
    }

    // ---- sizes

    @Test
    void an_attribute_that_alone_is_too_large_is_refused_when_it_is_set() {
        try (SealedSite site = site()) {
            site.addPage("/huge", (session, exchange) -> {
                assertThatThrownBy(() -> session.set("huge", "x".repeat(3_000)))
                        .hasMessageContaining("attribute 'huge' alone has 3002 bytes")
                        .hasMessageContaining("4093")
                        .hasMessageContaining("database");
                return String.valueOf(session.has("huge"));
            });

            RawResponse response = site.get("/huge");

            assertThat(response.body()).isEqualTo("false");
            assertThat(response.cookies()).isEmpty();
        }
    }

    @Test
    void a_session_that_is_too_large_is_a_500_that_names_the_largest_attributes_and_keeps_the_cookie() {
        try (SealedSite site = site()) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            site.addPage("/fill", (session, exchange) -> {
                for (int i = 1; i <= 7; i++) {
                    session.set("part" + i, "x".repeat(i * 100 + 100));
                }
                return "filled";
            });
            String text = site.get("/set?x").token();

            RawResponse response = site.getAs(text, "/fill");

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.body()).isEqualTo("The server could not save your session.\n");
            assertThat(response.cookies()).isEmpty();
            assertThat(site.getAs(text, "/read").body()).isEqualTo("x");
            TestExchange exchange = new TestExchange("/");
            try (SessionScope scope = site.sessions().open(exchange)) {
                for (int i = 1; i <= 7; i++) {
                    scope.sealed().set("part" + i, "x".repeat(i * 100 + 100));
                }
                try {
                    scope.commit();
                } catch (RuntimeException e) {
                    failure.set(e);
                }
            }
            assertThat(failure.get())
                    .hasMessageContaining("part7 (802 bytes), part6 (702 bytes), part5 (602 bytes), part4 (502 bytes),"
                            + " part3 (402 bytes)")
                    .hasMessageContaining("keeps the cookie that it has")
                    .hasMessageContaining("Sessions.create");
        }
    }

    @Test
    void the_largest_cookie_has_4093_bytes_and_one_byte_more_is_refused() {
        try (SealedSite site = site()) {
            site.addPage("/size", (session, exchange) -> {
                session.set("a", "x".repeat(Integer.parseInt(Site.query(exchange))));
                return "ok";
            });
            int fits = 0;
            int largest = 0;
            for (int length = 2_850; length < 2_900; length++) {
                RawResponse response = site.get("/size?" + length);
                if (response.status() == 200) {
                    fits = length;
                    largest = "__Host-id".length() + response.token().length();
                } else {
                    assertThat(length).isEqualTo(fits + 1);
                    break;
                }
            }

            assertThat(largest).isBetween(4_091, 4_093);
        }
    }

    @Test
    void the_listener_is_warned_of_a_cookie_of_2048_bytes() {
        try (SealedSite site = site()) {
            site.addPage("/large", (session, exchange) -> {
                session.set("a", "x".repeat(1_500));
                return "ok";
            });
            site.get("/set?small");
            assertThat(site.listener().names()).doesNotContain("largeCookie");

            String text = site.get("/large").token();

            assertThat(site.listener().single("largeCookie").details().get(1))
                    .isEqualTo("__Host-id".length() + text.length());
        }
    }

    // ---- after the head

    @Test
    void a_change_after_the_head_throws_at_the_call() {
        try (SealedSite site = site()) {
            List<String> refused = new ArrayList<>();
            site.addPage("/late", (session, exchange) -> {
                session.get("a", String.class);
                exchange.sendResponseHeaders(200, 0);
                List<Runnable> changes = List.of(
                        () -> session.set("a", "late"),
                        () -> session.remove("a"),
                        session::clear,
                        session::touch,
                        session::destroy,
                        session::regenerate,
                        () -> session.login("alice"),
                        () -> session.idleTimeout(Duration.ofMinutes(1)),
                        () -> session.cookie().lifetime(CookieLifetime.session()));
                for (Runnable change : changes) {
                    try {
                        change.run();
                        refused.add("accepted");
                    } catch (IllegalStateException e) {
                        refused.add("refused");
                    }
                }
                exchange.getResponseBody()
                        .write(String.valueOf(session.get("a", String.class)).getBytes(StandardCharsets.UTF_8));
                exchange.close();
                return null;
            });
            String text = site.get("/set?x").token();

            RawResponse response = site.getAs(text, "/late");

            assertThat(refused).hasSize(9).containsOnly("refused");
            assertThat(response.body()).contains("x");
            assertThat(response.cookies()).isEmpty();
            assertThat(site.listener().names()).doesNotContain("lateChangeLost");
        }
    }

    @Test
    void a_value_that_is_changed_in_place_after_the_head_is_reported_as_lost() {
        try (SealedSite site = site()) {
            site.addPage("/late", (session, exchange) -> {
                List<String> list = new ArrayList<>();
                session.set("list", list);
                exchange.sendResponseHeaders(200, -1);
                list.add("late");
                exchange.close();
                return null;
            });

            site.get("/late");

            assertThat(site.listener().names()).containsExactly("created", "lateChangeLost");
        }
    }

    @Test
    void a_commit_can_be_repeated_before_the_head() {
        try (SealedSite site = site()) {
            TestExchange exchange = new TestExchange("/");
            try (SessionScope scope = site.sessions().open(exchange)) {
                scope.sealed().set("a", "one");
                assertThat(scope.hasPendingToken()).isTrue();
                scope.commit();
                assertThat(scope.hasPendingToken()).isFalse();
                scope.sealed().set("a", "two");
                scope.commit();
            }

            assertThat(site.getAs(exchange.token(), "/read").body()).isEqualTo("two");
            assertThat(exchange.responseHeaders("Vary")).containsExactly("Cookie");
        }
    }

    @Test
    void the_next_scope_of_a_request_goes_on_with_the_session_of_the_first() {
        try (SealedSite site = site()) {
            TestExchange exchange = new TestExchange("/");
            SessionScope first = site.sessions().open(exchange);
            first.sealed().set("a", "one");
            first.commit();
            exchange.setResponseHeaders("Set-Cookie", List.of());
            try (SessionScope next = first.next()) {
                assertThat(next.sealed().get("a", String.class)).isEqualTo("one");
                next.commit();
            }

            assertThat(site.getAs(exchange.token(), "/read").body()).isEqualTo("one");
        }
    }

    @Test
    void a_begun_session_is_sealed_although_nothing_is_in_it() {
        try (SealedSite site = site()) {
            TestExchange exchange = new TestExchange("/");
            try (SessionScope scope = site.sessions().open(exchange)) {
                scope.begin();
                scope.commit();
            }

            TestExchange again = new TestExchange("/", Site.cookie(exchange.token()));
            try (SessionScope scope = site.sessions().open(again)) {
                assertThat(scope.tokenPublicId()).hasValue(scope.sealed().publicId());
                assertThat(scope.sealed().isNew()).isFalse();
            }
        }
    }

    @Test
    void a_handler_that_fails_keeps_what_it_had_changed_as_with_sessions_in_a_store() {
        try (SealedSite site = site();
                Site stored = new Site()) {
            site.addPage("/fail", (session, exchange) -> {
                session.set("a", "y");
                throw new IllegalArgumentException("a handler's own failure");
            });
            stored.addPage("/fail", (session, exchange) -> {
                session.set("a", "y");
                throw new IllegalArgumentException("a handler's own failure");
            });

            RawResponse failed = site.get("/fail");
            RawResponse model = stored.get("/fail");

            assertThat(failed.status()).isEqualTo(model.status());
            assertThat(failed.cookies()).hasSameSizeAs(model.cookies());
        }
    }

    // ---- another kind

    @Test
    void asking_for_a_session_in_a_store_names_what_is_mounted() {
        try (SealedSite site = site()) {
            SessionScope scope = site.sessions().open(new TestExchange("/"));

            assertThatThrownBy(scope::session)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("SealedSessions")
                    .hasMessageContaining("Sojourn.sealed");
            assertThat(scope.view()).isSameAs(scope.sealed());
        }
    }

    @Test
    void after_its_request_a_session_cannot_be_used() {
        try (SealedSite site = site()) {
            SessionScope scope = site.sessions().open(new TestExchange("/"));
            var session = scope.sealed();
            scope.close();

            assertThatThrownBy(() -> session.get("a", String.class))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("request has ended");
        }
    }

    // ---- start-up

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
        AtomicReference<SealedSessions.Config> kept = new AtomicReference<>();
        SealedSessions.create(c -> {
            c.seal(Jwe.secret(Site.SECRET)).logoutOnlyClearsTheCookie();
            kept.set(c);
        });

        assertThatThrownBy(() -> kept.get().maxAttributes(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SealedSessions.create");
        assertThatThrownBy(() -> kept.get().clock(clock)).isInstanceOf(IllegalStateException.class);
    }
}
