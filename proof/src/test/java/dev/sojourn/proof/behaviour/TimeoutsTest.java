package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieLifetime;
import dev.sojourn.SameSite;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimeoutsTest {
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration ABSOLUTE = Duration.ofHours(12);
    private static final Duration TICK = Duration.ofMillis(1);

    private static String readAfter(Site site, String token, Duration wait) {
        site.clock().advance(wait);
        return site.getAs(token, "/read").body();
    }

    @Test
    void the_idle_timeout_expires_a_session_exactly_at_its_end() {
        for (Duration wait : new Duration[] {IDLE.minus(TICK), IDLE, IDLE.plus(TICK)}) {
            try (Site site = new Site()) {
                boolean lives = wait.compareTo(IDLE) < 0;
                assertThat(readAfter(site, site.startSession("x"), wait)).isEqualTo(lives ? "x" : "null");
                assertThat(site.listener().names())
                        .isEqualTo(lives ? java.util.List.of() : java.util.List.of("expired"));
            }
        }
    }

    @Test
    void an_expired_session_is_reported_with_its_cause_and_the_cookie_is_cleared() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            site.clock().advance(IDLE);
            RawResponse response = site.getAs(token, "/read");
            assertThat(response.header("Set-Cookie").orElseThrow()).contains("Max-Age=0");
            assertThat(site.listener().single("expired").details()).contains(Timeout.IDLE);
        }
    }

    @Test
    void the_absolute_timeout_expires_an_active_session_exactly_at_its_end() {
        for (Duration last : new Duration[] {TICK.negated(), Duration.ZERO, TICK}) {
            try (Site site = new Site()) {
                String token = site.startSession("x");
                for (int i = 0; i < 47; i++) {
                    assertThat(readAfter(site, token, Duration.ofMinutes(15))).isEqualTo("x");
                }
                boolean lives = last.isNegative();
                assertThat(readAfter(site, token, Duration.ofMinutes(15).plus(last)))
                        .isEqualTo(lives ? "x" : "null");
                if (!lives) {
                    assertThat(site.listener().single("expired").details()).contains(Timeout.ABSOLUTE);
                }
            }
        }
    }

    @Test
    void change_id_does_not_extend_the_absolute_timeout_and_login_does() {
        try (Site site = new Site(c -> c.idleTimeout(ABSOLUTE))) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofHours(11));
            String changed = site.getAs(token, "/change-id").token();
            String alice = site.get("/login?alice").token();
            site.clock().advance(Duration.ofHours(1));
            assertThat(site.getAs(changed, "/read").body()).isEqualTo("null");
            assertThat(site.getAs(alice, "/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void without_an_idle_timeout_only_the_absolute_timeout_applies() {
        try (Site site = new Site(c -> c.idleTimeout(Duration.ZERO))) {
            String token = site.startSession("x");
            assertThat(readAfter(site, token, ABSOLUTE.minus(TICK))).isEqualTo("x");
            assertThat(readAfter(site, token, TICK)).isEqualTo("null");
        }
    }

    @Test
    void without_an_absolute_timeout_an_active_session_does_not_expire() {
        try (Site site = new Site(c -> c.absoluteTimeout(Duration.ZERO))) {
            String token = site.startSession("x");
            for (int i = 0; i < 100; i++) {
                assertThat(readAfter(site, token, Duration.ofMinutes(29))).isEqualTo("x");
            }
        }
    }

    @Test
    void a_sessions_own_timeouts_are_stored_and_override_the_configuration() {
        try (Site site = new Site()) {
            site.addPage("/own", (session, exchange) -> {
                session.set("a", "x");
                session.idleTimeout(Duration.ofMinutes(5));
                session.absoluteTimeout(Duration.ofMinutes(12));
                return "ok";
            });
            String idle = site.get("/own").token();
            String absolute = site.get("/own").token();
            assertThat(readAfter(site, absolute, Duration.ofMinutes(4))).isEqualTo("x");
            assertThat(readAfter(site, idle, Duration.ofMinutes(1))).isEqualTo("null");
            assertThat(readAfter(site, absolute, Duration.ofMinutes(3))).isEqualTo("x");
            assertThat(readAfter(site, absolute, Duration.ofMinutes(4).minus(TICK)))
                    .isEqualTo("x");
            assertThat(readAfter(site, absolute, TICK)).isEqualTo("null");
        }
    }

    @Test
    void a_longer_idle_timeout_of_an_existing_session_starts_with_that_request() {
        try (Site site = new Site()) {
            site.addPage("/remember", (session, exchange) -> {
                session.idleTimeout(Duration.ofHours(6));
                return "ok";
            });
            String token = site.startSession("x");
            assertThat(site.getAs(token, "/remember").status()).isEqualTo(200);
            assertThat(readAfter(site, token, Duration.ofHours(5))).isEqualTo("x");
        }
    }

    @Test
    void expires_at_and_last_accessed_at_are_as_of_the_start_of_the_request() {
        try (Site site = new Site()) {
            site.addPage(
                    "/times",
                    (session, exchange) -> Duration.between(session.createdAt(), session.lastAccessedAt()) + " "
                            + Duration.between(session.createdAt(), session.expiresAt()) + " " + session.isNew());
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(10));
            assertThat(site.getAs(token, "/times").body()).isEqualTo("PT0S PT30M false");
            assertThat(site.getAs(token, "/times").body()).isEqualTo("PT10M PT40M false");
            assertThat(site.get("/times").body()).isEqualTo("PT0S PT30M true");
        }
    }

    @Test
    void the_times_of_a_new_session_are_fixed_at_their_first_read_and_stored_unchanged() {
        try (Site site = new Site()) {
            site.addPage("/new", (session, exchange) -> {
                Instant created = session.createdAt();
                site.clock().advance(Duration.ofSeconds(5));
                session.set("v", "x");
                assertThat(session.createdAt()).isEqualTo(created);
                assertThat(session.lastAccessedAt()).isEqualTo(created);
                session.save();
                site.clock().advance(Duration.ofSeconds(5));
                session.set("v", "y");
                session.save();
                assertThat(session.createdAt()).isEqualTo(created);
                assertThat(session.lastAccessedAt()).isEqualTo(created);
                return String.valueOf(created);
            });
            site.addPage("/created", (session, exchange) -> String.valueOf(session.createdAt()));
            RawResponse first = site.get("/new");
            assertThat(first.status()).isEqualTo(200);
            site.clock().advance(Duration.ofSeconds(5));

            assertThat(site.getAs(first.token(), "/created").body()).isEqualTo(first.body());
        }
    }

    @Test
    void the_last_access_is_that_of_the_previous_request_whatever_this_request_saves() {
        try (Site site = new Site()) {
            site.addPage("/work", (session, exchange) -> {
                Instant before = session.lastAccessedAt();
                site.clock().advance(Duration.ofSeconds(5));
                session.set("v", "y");
                session.save();
                assertThat(session.lastAccessedAt()).isEqualTo(before);
                session.changeId();
                session.save();
                assertThat(session.lastAccessedAt()).isEqualTo(before);
                return String.valueOf(Duration.between(session.createdAt(), before));
            });
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(10));

            assertThat(site.getAs(token, "/work").body()).isEqualTo("PT0S");
        }
    }

    @Test
    void created_at_after_a_login_is_the_same_before_and_after_the_save() {
        try (Site site = new Site()) {
            site.addPage("/login", (session, exchange) -> {
                session.login("alice");
                Instant created = session.createdAt();
                site.clock().advance(Duration.ofSeconds(5));
                assertThat(session.createdAt()).isEqualTo(created);
                assertThat(session.lastAccessedAt()).isEqualTo(created);
                session.save();
                assertThat(session.createdAt()).isEqualTo(created);
                return String.valueOf(created);
            });
            site.addPage("/created", (session, exchange) -> String.valueOf(session.createdAt()));
            String token = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(10));
            RawResponse signedIn = site.getAs(token, "/login");
            assertThat(signedIn.status()).isEqualTo(200);

            assertThat(site.getAs(signedIn.token(), "/created").body()).isEqualTo(signedIn.body());
        }
    }

    // ---- the cookie's lifetime

    @Test
    void a_browser_session_cookie_has_no_max_age_and_is_sent_once() {
        try (Site site = new Site()) {
            RawResponse first = site.get("/set?x");
            assertThat(first.header("Set-Cookie").orElseThrow()).doesNotContain("Max-Age", "Expires");
            site.clock().advance(Duration.ofMinutes(10));
            assertThat(site.getAs(first.token(), "/read").cookies()).isEmpty();
        }
    }

    @Test
    void a_cookie_with_the_sessions_lifetime_is_sent_again_when_the_expiry_changes() {
        try (Site site = new Site(c -> c.cookie(k -> k.lifetime(CookieLifetime.session())))) {
            RawResponse first = site.get("/set?x");
            assertThat(first.header("Set-Cookie").orElseThrow()).contains("; Max-Age=1800;");
            assertThat(site.getAs(first.token(), "/read").cookies()).isEmpty();
            site.clock().advance(Duration.ofMinutes(10));
            RawResponse later = site.getAs(first.token(), "/read");
            assertThat(later.header("Set-Cookie").orElseThrow()).contains("; Max-Age=1800;");
            assertThat(later.token()).isEqualTo(first.token());
        }
    }

    @Test
    void a_sessions_own_cookie_settings_are_stored_override_the_options_and_are_sent_on_change() {
        try (Site site = new Site()) {
            site.addPage("/remember-me", (session, exchange) -> {
                session.cookie().lifetime(CookieLifetime.of(Duration.ofDays(30)));
                session.cookie().sameSite(SameSite.STRICT);
                return "ok";
            });
            site.addPage(
                    "/cookie",
                    (session, exchange) ->
                            session.cookie().lifetime() + " " + session.cookie().sameSite());
            String token = site.startSession("x");
            assertThat(site.getAs(token, "/cookie").body()).isEqualTo("browserSession LAX");
            RawResponse changed = site.getAs(token, "/remember-me");
            assertThat(changed.header("Set-Cookie").orElseThrow())
                    .contains("; Max-Age=2592000;")
                    .contains("SameSite=Strict");
            assertThat(changed.token()).isEqualTo(token);
            assertThat(site.getAs(token, "/cookie").body()).isEqualTo("PT720H STRICT");
            String fresh = site.getAs(token, "/change-id").header("Set-Cookie").orElseThrow();
            assertThat(fresh).contains("; Max-Age=2592000;").contains("SameSite=Strict");
        }
    }
}
