package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.OnLimit;
import dev.sojourn.Session;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.Sessions;
import dev.sojourn.SignIn;
import dev.sojourn.Transports;
import dev.sojourn.UserSession;
import dev.sojourn.proof.attacks.LogCapture;
import dev.sojourn.proof.site.CookieJar;
import dev.sojourn.proof.site.CookieJar.Cookie;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.RememberingSite;
import dev.sojourn.proof.site.RememberingSite.Browser;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.testing.TestExchange;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Browsers that a cookie signs in again once their session has expired, over real sockets. */
class RememberMeTest {
    private static final Duration OVERNIGHT = Duration.ofHours(10);
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static Browser remembered(RememberingSite shop, String user) {
        Browser browser = shop.browser();
        assertThat(browser.get("/login-remembered?" + user).status()).isEqualTo(200);
        return browser;
    }

    private static List<UserSession> list(RememberingSite shop, String user) {
        return shop.site().sessions().of(user).list();
    }

    private static void clear(RememberingSite shop) {
        shop.site().store().clearCalls();
        shop.site().listener().clear();
    }

    // ---- the cookie

    @Test
    void the_cookie_is_like_that_of_the_session_and_lasts_as_long_as_the_browser_is_remembered() {
        try (RememberingSite shop = new RememberingSite()) {
            RawResponse response = shop.browser().get("/login-remembered?alice");

            assertThat(response.cookies()).hasSize(2);
            Cookie cookie = CookieJar.parse(response.cookies().get(0)).orElseThrow();
            assertThat(cookie.name()).isEqualTo("__Host-remember");
            assertThat(cookie.attribute("max-age"))
                    .isEqualTo(String.valueOf(Duration.ofDays(30).toSeconds()));
            assertThat(cookie.attribute("path")).isEqualTo("/");
            assertThat(cookie.attribute("samesite")).isEqualTo("Lax");
            assertThat(cookie.has("httponly")).isTrue();
            assertThat(cookie.has("secure")).isTrue();
            assertThat(response.header("Cache-Control")).contains("no-store");
            assertThat(shop.site().sessions().cookieNames()).containsExactlyInAnyOrder("__Host-id", "__Host-remember");
        }
    }

    @Test
    void the_name_follows_that_of_the_session_cookie_unless_it_is_set() {
        Sessions named = Sessions.create(c ->
                c.secret(Site.SECRET).cookie(k -> k.name("sid").path("/shop")).rememberMe());
        Sessions plain = Sessions.create(
                c -> c.secret(Site.SECRET).cookie(k -> k.insecureHttp()).rememberMe());
        Sessions own = Sessions.create(c -> c.secret(Site.SECRET).rememberMe(r -> r.cookieName("stay")));

        assertThat(named.cookieNames()).containsExactlyInAnyOrder("sid", "sid-remember");
        assertThat(plain.cookieNames()).containsExactlyInAnyOrder("id", "remember");
        assertThat(own.cookieNames()).containsExactlyInAnyOrder("__Host-id", "stay");
    }

    // ---- signing in again

    @Test
    void a_request_without_a_live_session_signs_the_user_in_again_under_a_new_id_with_the_next_token() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice");
            String id = browser.cookie("__Host-id").orElseThrow();
            String token = browser.rememberToken().orElseThrow();
            assertThat(browser.get("/who").body()).isEqualTo("alice false");
            shop.site().clock().advance(OVERNIGHT);
            clear(shop);

            RawResponse response = browser.get("/who");

            assertThat(response.body()).isEqualTo("alice true");
            assertThat(response.cookies()).hasSize(2);
            assertThat(response.header("Vary")).contains("Cookie");
            assertThat(browser.cookie("__Host-id").orElseThrow()).isNotEqualTo(id);
            assertThat(browser.rememberToken().orElseThrow()).isNotEqualTo(token);
            assertThat(shop.site().listener().names()).containsExactly("expired", "created", "remembered");
            assertThat(browser.get("/who").body()).isEqualTo("alice true");
        }
    }

    @Test
    void a_request_that_does_not_use_its_session_costs_nothing_and_keeps_the_token() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice").restart();
            clear(shop);

            RawResponse response = browser.get("/untouched");

            assertThat(response.cookies()).isEmpty();
            assertThat(shop.site().store().calls()).isEmpty();
        }
    }

    @Test
    void a_quiet_request_begins_no_session_and_keeps_the_token() {
        try (RememberingSite shop = new RememberingSite(r -> {}, c -> c.quiet("/who"))) {
            Browser browser = remembered(shop, "alice").restart();
            clear(shop);

            RawResponse response = browser.get("/who");

            assertThat(response.body()).isEqualTo("null false");
            assertThat(response.cookies()).isEmpty();
            assertThat(shop.site().store().calls()).isEmpty();
            assertThat(browser.get("/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void the_store_calls_are_those_of_a_login_and_of_a_rotation() {
        try (RememberingSite shop = new RememberingSite()) {
            clear(shop);
            Browser browser = remembered(shop, "alice");
            assertThat(shop.site().store().calls())
                    .as("login and remember")
                    .containsExactly("enter", "create", "enter", "enter", "create", "enter", "compareAndSet");
            browser.restart();
            shop.site().clock().advance(GRACE);
            Browser otherTab = browser.copy();
            clear(shop);

            browser.get("/who");
            assertThat(shop.site().store().calls())
                    .as("signing in again")
                    .containsExactly("load", "enter", "create", "enter", "compareAndSet");
            clear(shop);
            otherTab.get("/who");
            assertThat(shop.site().store().calls())
                    .as("with a token that was replaced just now")
                    .containsExactly("load", "enter", "create", "enter", "load");
            clear(shop);
            browser.get("/who");
            assertThat(shop.site().store().calls()).as("a read after that").containsExactly("load");
            clear(shop);
            assertThat(browser.get("/logout").status()).isEqualTo(200);
            assertThat(shop.site().store().calls())
                    .as("logout, with the sessions of the login and of the other tab")
                    .containsExactly("load", "load", "delete", "find", "load", "delete", "load", "delete", "delete");
        }
    }

    @Test
    void a_forged_token_costs_no_store_call_and_is_reported() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice").restart();
            String token = browser.rememberToken().orElseThrow();
            String id = token.substring(0, token.indexOf('.'));
            clear(shop);

            for (String forged : List.of("x", id + ".2." + "A".repeat(43), token + "A", id + ".1")) {
                RawResponse response = shop.site().get("/who", "Cookie: __Host-remember=" + forged);
                assertThat(response.body()).isEqualTo("null false");
                assertThat(response.cookies()).isEmpty();
            }
            assertThat(shop.site().store().calls()).isEmpty();
            assertThat(shop.site().listener().all())
                    .hasSize(4)
                    .allMatch(event -> event.details().contains(TokenRefusal.NOT_ISSUED));
        }
    }

    @Test
    void the_token_opens_no_session_and_a_session_token_signs_nobody_in_again() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice");
            String session = browser.cookie("__Host-id").orElseThrow();
            String token = browser.rememberToken().orElseThrow();

            assertThat(shop.site().get("/who", Site.cookie(token)).body()).isEqualTo("null false");
            assertThat(shop.site()
                            .get("/who", "Cookie: __Host-remember=" + session)
                            .body())
                    .isEqualTo("null false");
        }
    }

    @Test
    void what_the_handler_sets_in_that_request_is_saved() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice").restart();

            assertThat(browser.get("/count").body()).isEqualTo("1");
            assertThat(browser.get("/count").body()).isEqualTo("2");
            assertThat(browser.get("/who").body()).isEqualTo("alice true");
        }
    }

    @Test
    void a_login_makes_the_session_one_that_its_user_has_begun() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice").restart();
            assertThat(browser.get("/who").body()).isEqualTo("alice true");
            assertThat(browser.get("/change-id").status()).isEqualTo(200);
            assertThat(browser.get("/who").body()).isEqualTo("alice true");

            browser.get("/login?alice");

            assertThat(browser.get("/who").body()).isEqualTo("alice false");
            assertThat(list(shop, "alice")).singleElement().matches(UserSession::remembered);
            browser.restart();
            assertThat(browser.get("/who").body()).isEqualTo("alice true");
        }
    }

    @Test
    void a_remembered_session_is_never_fresh_and_keeps_how_and_when_its_user_signed_in() {
        try (RememberingSite shop = new RememberingSite()) {
            shop.site().addPage("/login-how", (session, exchange) -> {
                session.login("alice", SignIn.by("pwd", "otp"));
                session.remember();
                return "ok";
            });
            shop.site()
                    .addPage(
                            "/how",
                            (session, exchange) -> session.isFresh(Duration.ofDays(9)) + " "
                                    + Objects.requireNonNull(session.signIn()).methods() + " "
                                    + Duration.between(session.signedInAt(), session.createdAt()));
            Browser browser = shop.browser();
            browser.get("/login-how");
            assertThat(browser.get("/how").body()).isEqualTo("true [pwd, otp] PT0S");
            shop.site().clock().advance(OVERNIGHT);

            assertThat(browser.get("/how").body()).isEqualTo("false [pwd, otp] PT10H");
        }
    }

    @Test
    void a_remembered_browser_takes_one_place_under_a_limit_of_sessions_whether_or_not_it_has_one() {
        try (RememberingSite shop = new RememberingSite(r -> {}, c -> c.maxSessionsPerUser(2, OnLimit.REFUSE_LOGIN))) {
            Browser one = remembered(shop, "alice");
            shop.site().clock().advance(OVERNIGHT);
            Browser two = remembered(shop, "alice");

            assertThat(shop.browser().get("/login?alice").status()).isEqualTo(409);
            assertThat(one.get("/who").body()).isEqualTo("alice true");
            assertThat(one.copy().restart().get("/who").body()).isEqualTo("alice true");
            assertThat(list(shop, "alice")).hasSize(2);
            assertThat(one.get("/login?alice").status()).isEqualTo(200);
            assertThat(two.get("/logout").status()).isEqualTo(200);
            assertThat(shop.browser().get("/login?alice").status()).isEqualTo(200);
        }
    }

    @Test
    void the_oldest_browser_that_a_limit_ends_is_not_signed_in_again() {
        try (RememberingSite shop = new RememberingSite(r -> {}, c -> c.maxSessionsPerUser(1, OnLimit.END_OLDEST))) {
            Browser oldest = remembered(shop, "alice");

            shop.browser().get("/login?alice");

            assertThat(oldest.get("/who").body()).isEqualTo("null false");
            assertThat(oldest.restart().get("/who").body()).isEqualTo("null false");
            assertThat(list(shop, "alice")).hasSize(1);
        }
    }

    @Test
    void the_lifetime_is_counted_from_remember_and_nothing_extends_it() {
        try (RememberingSite shop = new RememberingSite(r -> r.lifetime(Duration.ofDays(3)), c -> {})) {
            Browser browser = remembered(shop, "alice");
            for (int day = 1; day <= 2; day++) {
                shop.site().clock().advance(Duration.ofDays(1));
                assertThat(browser.get("/remember").status()).isEqualTo(200);
                assertThat(browser.get("/who").body()).isEqualTo("alice true");
            }
            shop.site().clock().advance(Duration.ofDays(1));
            clear(shop);

            assertThat(browser.get("/who").body()).isEqualTo("null false");
            assertThat(list(shop, "alice")).isEmpty();
            assertThat(shop.site().listener().names())
                    .as("a browser is no session")
                    .containsExactly("expired");
        }
    }

    @Test
    void the_public_id_of_the_session_in_which_a_browser_was_remembered_ends_it_after_that_session() {
        try (RememberingSite shop = new RememberingSite()) {
            shop.site().addPage("/public-id", (session, exchange) -> session.publicId());
            Browser browser = remembered(shop, "alice");
            Browser other = remembered(shop, "alice");
            String shown = browser.get("/public-id").body();
            shop.site().clock().advance(OVERNIGHT);

            assertThat(shop.site().sessions().of("alice").end(shown)).isTrue();

            assertThat(browser.get("/who").body()).isEqualTo("null false");
            assertThat(other.get("/who").body()).isEqualTo("alice true");
        }
    }

    @Test
    void an_expired_browser_that_never_comes_again_is_swept_without_an_event() {
        try (RememberingSite shop = new RememberingSite()) {
            remembered(shop, "alice");
            shop.site().clock().advance(Duration.ofDays(31));
            clear(shop);

            assertThat(shop.site().sessions().sweep(10)).isEqualTo(2);
            assertThat(shop.site().listener().names()).containsExactly("expired");
        }
    }

    // ---- several requests at once

    @Test
    void two_tabs_at_once_get_the_same_token_and_are_one_entry_in_the_list() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice").restart();
            shop.site().clock().advance(OVERNIGHT);
            Browser otherTab = browser.copy();
            clear(shop);

            assertThat(browser.get("/who").body()).isEqualTo("alice true");
            assertThat(otherTab.get("/who").body()).isEqualTo("alice true");

            assertThat(otherTab.rememberToken()).isEqualTo(browser.rememberToken());
            assertThat(browser.get("/who").body()).isEqualTo("alice true");
            assertThat(otherTab.get("/who").body()).isEqualTo("alice true");
            assertThat(list(shop, "alice")).hasSize(1);
            assertThat(shop.site().listener().names())
                    .as("two sessions, and no theft")
                    .filteredOn(name -> name.equals("tokenReused") || name.equals("remembered"))
                    .containsExactly("remembered", "remembered");
        }
    }

    @Test
    void a_lost_response_is_repeated_with_the_same_token_within_30_seconds() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice").restart();
            shop.site().clock().advance(OVERNIGHT);
            RawResponse lost = browser.getWithoutReceiving("/who");
            shop.site().clock().advance(GRACE.minusMillis(1));

            RawResponse repeated = browser.get("/who");

            assertThat(repeated.body()).isEqualTo("alice true");
            assertThat(remember(repeated)).isEqualTo(remember(lost));
        }
    }

    private static String remember(RawResponse response) {
        return response.cookies().stream()
                .flatMap(line -> CookieJar.parse(line).stream())
                .filter(cookie -> cookie.name().equals(RememberingSite.COOKIE))
                .map(Cookie::value)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_token_that_was_replaced_earlier_ends_the_browser_with_all_its_sessions() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice").restart();
            Browser elsewhere = remembered(shop, "alice");
            Browser thief = browser.copy();
            shop.site().clock().advance(OVERNIGHT);
            assertThat(thief.get("/who").body()).isEqualTo("alice true");
            shop.site().clock().advance(GRACE);
            clear(shop);

            RawResponse found = browser.get("/who");

            assertThat(found.body()).isEqualTo("null false");
            assertThat(browser.rememberToken()).as("removed").isEmpty();
            assertThat(shop.site().listener().names())
                    .filteredOn(name -> !name.equals("expired"))
                    .containsExactly("tokenReused", "destroyed");
            assertThat(shop.site().listener().single("destroyed").details()).contains(DestroyReason.TOKEN_REUSED);
            assertThat(shop.site().listener().single("tokenReused").session().subject())
                    .isEqualTo("alice");
            assertThat(thief.get("/who").body()).isEqualTo("null false");
            assertThat(thief.restart().get("/who").body()).isEqualTo("null false");
            assertThat(elsewhere.restart().get("/who").body())
                    .as("another browser")
                    .isEqualTo("alice true");
        }
    }

    @Test
    void with_lost_answers_a_token_whose_successor_was_never_received_counts_once_more() {
        try (RememberingSite shop = new RememberingSite(r -> r.lostAnswers(Duration.ofDays(2)), c -> {})) {
            Browser browser = remembered(shop, "alice").restart();
            shop.site().clock().advance(OVERNIGHT);
            browser.getWithoutReceiving("/who");
            shop.site().clock().advance(OVERNIGHT);
            Browser thief = browser.copy();

            assertThat(browser.get("/who").body()).isEqualTo("alice true");
            shop.site().clock().advance(OVERNIGHT);
            assertThat(thief.get("/who").body()).as("only once").isEqualTo("null false");
        }
    }

    // ---- ending

    @Test
    void a_logout_ends_the_browser_and_its_sessions_and_clears_both_cookies() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice");
            Browser otherTab = browser.copy().restart();
            otherTab.get("/who");
            Browser late = browser.copy();
            clear(shop);

            RawResponse response = browser.get("/logout");

            assertThat(response.cookies()).hasSize(2).allMatch(cookie -> cookie.contains("Max-Age=0"));
            assertThat(shop.site().listener().names()).containsExactly("destroyed", "destroyed");
            assertThat(late.get("/who").body()).isEqualTo("null false");
            assertThat(late.restart().get("/who").body()).isEqualTo("null false");
            assertThat(otherTab.get("/who").body()).isEqualTo("null false");
            assertThat(list(shop, "alice")).isEmpty();
        }
    }

    @Test
    void the_end_of_a_browser_is_not_taken_for_that_of_a_session_with_tokens() {
        try (LogCapture log = new LogCapture();
                RememberingSite shop = new RememberingSite()) {
            remembered(shop, "alice").get("/logout");
            remembered(shop, "bob");
            shop.site().sessions().of("bob").endAll();

            assertThat(log.sojournMessages()).isEmpty();
        }
    }

    @Test
    void the_csrf_token_of_a_session_that_has_ended_signs_nobody_in_again() {
        try (RememberingSite shop = new RememberingSite()) {
            Site site = shop.site();
            site.addPage("/form", (session, exchange) -> session.csrfToken());
            String host = "localhost:" + site.port();
            String oldBrowser = "User-Agent: Mozilla/5.0";
            // An attacker who can set cookies plants a session of his own, which has ended, and knows its CSRF token.
            String planted = site.startSession("of an attacker");
            String token = site.getAs(planted, "/form").body();
            assertThat(site.getAs(planted, "/logout").status()).isEqualTo(200);
            String cookies = Site.cookie(planted) + "; " + RememberingSite.COOKIE + "="
                    + remembered(shop, "alice").rememberToken().orElseThrow();

            assertThat(site.request("POST", "/who", host, cookies, oldBrowser).status())
                    .isEqualTo(403);
            assertThat(site.request("POST", "/who", host, cookies, oldBrowser, "X-CSRF-Token: " + token)
                            .body())
                    .isEqualTo("null false");
            assertThat(site.request("POST", "/who", host, cookies, oldBrowser, "Sec-Fetch-Site: same-origin")
                            .body())
                    .isEqualTo("alice true");
        }
    }

    @Test
    void a_logout_after_the_session_has_expired_ends_the_browser_too() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice");
            shop.site().clock().advance(OVERNIGHT);
            Browser late = browser.copy();

            browser.get("/logout");

            assertThat(browser.rememberToken()).isEmpty();
            assertThat(late.get("/who").body()).isEqualTo("null false");
            assertThat(list(shop, "alice")).isEmpty();
        }
    }

    @Test
    void another_user_and_an_empty_session_end_the_browser() {
        for (String page : List.of("/login?bob", "/login-remembered?bob", "/regenerate")) {
            try (RememberingSite shop = new RememberingSite()) {
                Browser browser = remembered(shop, "alice");
                Browser late = browser.copy().restart();

                browser.get(page);

                assertThat(late.get("/who").body()).as(page).isEqualTo("null false");
                assertThat(list(shop, "alice")).as(page).isEmpty();
                assertThat(browser.rememberToken().isPresent()).as(page).isEqualTo(page.contains("remembered"));
            }
        }
    }

    @Test
    void another_user_ends_the_browser_of_the_cookie_even_if_the_session_is_not_of_that_browser() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice");
            String remembered = browser.rememberToken().orElseThrow();
            String guest = shop.site().startSession("cart");

            shop.site().get("/login?bob", "Cookie: __Host-id=" + guest + "; __Host-remember=" + remembered);

            assertThat(list(shop, "alice")).isEmpty();
        }
    }

    @Test
    void remembering_again_after_a_login_replaces_the_browser() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice");
            Browser late = browser.copy().restart();

            browser.get("/login-remembered?alice");

            assertThat(list(shop, "alice")).hasSize(1);
            assertThat(late.get("/who").body()).isEqualTo("null false");
            assertThat(browser.restart().get("/who").body()).isEqualTo("alice true");
        }
    }

    @Test
    void ending_the_other_sessions_ends_remembered_browsers_but_not_this_one() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser here = remembered(shop, "alice");
            Browser without = remembered(shop, "alice").restart();
            Browser with = remembered(shop, "alice");
            assertThat(list(shop, "alice")).hasSize(3).allMatch(UserSession::remembered);

            assertThat(here.get("/end-others?alice").body()).isEqualTo("2");

            assertThat(without.get("/who").body()).isEqualTo("null false");
            assertThat(with.get("/who").body()).isEqualTo("null false");
            assertThat(with.restart().get("/who").body()).isEqualTo("null false");
            assertThat(here.get("/who").body()).isEqualTo("alice false");
            assertThat(here.restart().get("/who").body()).isEqualTo("alice true");
        }
    }

    @Test
    void ending_all_sessions_ends_this_remembered_browser_too() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice");
            remembered(shop, "alice").restart();

            assertThat(shop.site().sessions().of("alice").endAll()).isEqualTo(2);

            assertThat(browser.get("/who").body()).isEqualTo("null false");
            assertThat(list(shop, "alice")).isEmpty();
        }
    }

    @Test
    void a_list_shows_a_browser_once_and_its_public_id_ends_it_with_and_without_a_session() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice");
            UserSession withSession = list(shop, "alice").get(0);
            assertThat(withSession.remembered()).isTrue();
            assertThat(Duration.between(withSession.createdAt(), withSession.expiresAt()))
                    .isEqualTo(Duration.ofDays(30));
            shop.site().clock().advance(OVERNIGHT);
            UserSession without = list(shop, "alice").get(0);
            assertThat(without.createdAt()).isEqualTo(withSession.createdAt());
            assertThat(without.publicId()).isNotEqualTo(withSession.publicId());

            assertThat(shop.site().sessions().of("alice").end(without.publicId()))
                    .isTrue();
            assertThat(browser.get("/who").body()).isEqualTo("null false");

            browser = remembered(shop, "alice");
            assertThat(shop.site()
                            .sessions()
                            .of("alice")
                            .end(list(shop, "alice").get(0).publicId()))
                    .isTrue();
            assertThat(browser.restart().get("/who").body()).isEqualTo("null false");
            assertThat(list(shop, "alice")).isEmpty();
        }
    }

    // ---- failures

    private static StoreException away() {
        return StoreException.notDone("the store is away", null);
    }

    @Test
    void a_store_that_fails_never_costs_the_cookie() {
        for (String call : List.of("load", "enter", "create", "compareAndSet")) {
            try (RememberingSite shop = new RememberingSite()) {
                Browser browser = remembered(shop, "alice").restart();
                shop.site().clock().advance(OVERNIGHT);
                shop.site().store().failBefore(call, RememberMeTest::away);

                RawResponse failed = browser.get("/who");

                assertThat(failed.status()).as(call).isEqualTo(503);
                assertThat(failed.cookies()).as(call).isEmpty();
                shop.site().store().clearFailures();
                assertThat(list(shop, "alice")).as(call).hasSize(1);
                assertThat(browser.get("/who").body()).as(call).isEqualTo("alice true");
            }
        }
    }

    @Test
    void a_response_of_the_store_that_is_lost_signs_nobody_out() {
        for (String call : List.of("create", "compareAndSet")) {
            try (RememberingSite shop = new RememberingSite()) {
                Browser browser = remembered(shop, "alice").restart();
                shop.site().clock().advance(OVERNIGHT);
                shop.site().store().loseResponse(call);
                browser.get("/who");
                shop.site().store().clearFailures();

                assertThat(browser.get("/who").body()).as(call).isEqualTo("alice true");
                assertThat(shop.site().listener().names()).as(call).doesNotContain("tokenReused");
            }
        }
    }

    @Test
    void a_logout_that_could_not_be_stored_keeps_both_cookies_and_can_be_repeated() {
        try (RememberingSite shop = new RememberingSite()) {
            Browser browser = remembered(shop, "alice");
            shop.site().store().failBefore("delete", RememberMeTest::away);

            RawResponse failed = browser.get("/logout");

            assertThat(failed.status()).isEqualTo(503);
            assertThat(browser.rememberToken()).isPresent();
            shop.site().store().clearFailures();
            assertThat(browser.get("/logout").status()).isEqualTo(200);
            assertThat(browser.rememberToken()).isEmpty();
            assertThat(list(shop, "alice")).isEmpty();
        }
    }

    // ---- misuse

    @Test
    void only_a_signed_in_user_of_an_application_that_remembers_browsers_can_be_remembered() {
        Sessions without = Sessions.create(c -> c.secret(Site.SECRET));
        Sessions with = Sessions.create(c -> c.secret(Site.SECRET).rememberMe());
        Consumer<Session> loginAndRemember = session -> {
            session.login("alice");
            session.remember();
        };

        assertThatThrownBy(() -> new TestExchange("/").serve(without, loginAndRemember))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("c.rememberMe(");
        assertThatThrownBy(() -> new TestExchange("/").serve(with, Session::remember))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("login(user) first");
    }

    /** A store that keeps no index of users. */
    private static final class WithoutIndex extends ForwardingStore {
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

    private static void assertRefused(String message, Consumer<Sessions.Config> options) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> options.accept(c.secret(Site.SECRET))))
                .withMessageContaining(message);
    }

    @Test
    void options_that_contradict_each_other_fail_at_start_up() {
        assertRefused(
                "needs sessions in a cookie",
                c -> c.transport(Transports.bearer()).rememberMe());
        assertRefused("longer than a session lives unused", c -> c.rememberMe(r -> r.lifetime(Duration.ofMinutes(30))));
        assertRefused("at most 400 days", c -> c.rememberMe(r -> r.lifetime(Duration.ofDays(401))));
        assertRefused("lostAnswers of remember-me", c -> c.rememberMe(r -> r.lostAnswers(Duration.ofSeconds(30))));
        assertRefused("the name of the session cookie", c -> c.rememberMe(r -> r.cookieName("__Host-id")));
        assertRefused("must be spelled __Host-", c -> c.rememberMe(r -> r.cookieName("__host-stay")));
        assertRefused("userIndex()", c -> c.store(new WithoutIndex()).rememberMe());
    }
}
