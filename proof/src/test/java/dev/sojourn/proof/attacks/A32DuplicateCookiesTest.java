package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieOptions;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.proof.site.CookieJar;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A browser with several cookies of the session's name: from before a deployment, or planted by a sibling host. */
class A32DuplicateCookiesTest {
    private static final String HOST = "shop.example.com";
    private static final String SIBLING = "evil.example.com";
    private static final String TOP_LEVEL_SITE = "https://example.com";
    private static final String DEEP = "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z";

    private final SettableClock clock = new SettableClock();
    private final SpyStore store =
            new SpyStore(MemoryStore.builder().clock(clock).build());

    private Site node(Consumer<CookieOptions> cookie) {
        Site site = new Site(clock, store, c -> c.trustedProxies("127.0.0.1").cookie(cookie));
        return site.serveEveryPath((session, exchange) -> page(session, Site.query(exchange)));
    }

    private static String page(Session session, String query) {
        if (query.equals("logout")) {
            session.destroy();
        } else if (query.equals("change-id")) {
            session.changeId();
        } else if (query.startsWith("set=")) {
            session.set("a", query.substring(4));
        } else if (!query.isEmpty()) {
            session.login(query);
        }
        return session.subject() + " " + session.get("a", String.class);
    }

    private static final class Browser {
        private final CookieJar jar = new CookieJar();
        private @Nullable RawResponse response;

        RawResponse lastResponse() {
            return Objects.requireNonNull(response, "no response yet");
        }

        String get(Site site, String path) {
            String bare = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
            String cookie = jar.header(HOST, bare, TOP_LEVEL_SITE).orElse("X-No-Cookie: 1");
            RawResponse last = site.request("GET", path, HOST, "X-Forwarded-Proto: https", cookie);
            response = last;
            assertThat(last.status()).isEqualTo(200);
            jar.receive(HOST, bare, TOP_LEVEL_SITE, last.cookies());
            return last.body();
        }

        /** Stores a cookie that a sibling host of the domain sets. */
        void plant(String line) {
            jar.receive(SIBLING, "/", TOP_LEVEL_SITE, List.of(line));
        }
    }

    private static Browser signIn(Site site, String user) {
        Browser browser = new Browser();
        browser.get(site, "/login?" + user);
        return browser;
    }

    // ---- a deployment that switches partitioned() on or off

    @Test
    void a_login_after_partitioned_is_switched_on_leaves_one_cookie_and_a_signed_in_browser() {
        try (Site before = node(k -> {});
                Site after = node(CookieOptions::partitioned)) {
            Browser browser = signIn(before, "alice");
            assertThat(browser.get(after, "/")).isEqualTo("alice null");

            browser.get(after, "/login?alice");

            assertThat(browser.jar.size()).isEqualTo(1);
            assertThat(browser.get(after, "/")).isEqualTo("alice null");
        }
    }

    @Test
    void a_login_after_partitioned_is_switched_off_leaves_one_cookie_and_a_signed_in_browser() {
        try (Site before = node(CookieOptions::partitioned);
                Site after = node(k -> {})) {
            Browser browser = signIn(before, "alice");

            browser.get(after, "/login?alice");

            assertThat(browser.get(after, "/")).isEqualTo("alice null");
            assertThat(browser.jar.size()).isEqualTo(1);
            assertThat(browser.get(after, "/")).isEqualTo("alice null");
        }
    }

    @Test
    void two_sessions_of_one_user_keep_the_user_signed_in() {
        try (Site before = node(k -> {});
                Site after = node(CookieOptions::partitioned)) {
            Browser browser = browserWithBoth(before, "alice", after, "alice");

            assertThat(browser.get(after, "/")).isEqualTo("alice null");
            assertThat(browser.jar.size()).isEqualTo(1);
            assertThat(browser.get(after, "/")).isEqualTo("alice null");
        }
    }

    @Test
    void the_newer_of_two_sessions_of_one_user_counts_in_either_partition() {
        try (Site before = node(k -> {});
                Site after = node(CookieOptions::partitioned)) {
            for (List<Site> order : List.of(List.of(before, after), List.of(after, before))) {
                Browser browser = signIn(order.get(0), "alice");
                browser.get(order.get(0), "/?set=older");
                clock.advance(Duration.ofMinutes(1));
                Browser second = signIn(order.get(1), "alice");
                List<String> cookies = second.lastResponse().cookies();
                second.get(order.get(1), "/?set=newer");
                browser.jar.receive(HOST, "/", TOP_LEVEL_SITE, cookies);
                assertThat(browser.jar.size()).isEqualTo(2);

                assertThat(browser.get(after, "/")).isEqualTo("alice newer");
            }
        }
    }

    @Test
    void the_live_session_of_two_counts_and_gets_the_configured_cookie() {
        try (Site before = node(k -> {});
                Site after = node(CookieOptions::partitioned)) {
            Browser browser = browserWithBoth(before, "alice", after, "bob");
            after.sessions().of("bob").endAll();

            assertThat(browser.get(after, "/")).isEqualTo("alice null");
            assertThat(browser.jar.size()).isEqualTo(1);
            assertThat(browser.get(after, "/")).isEqualTo("alice null");
        }
    }

    @Test
    void of_sessions_of_two_users_none_counts_and_only_the_configured_cookie_is_kept() {
        try (Site before = node(k -> {});
                Site after = node(CookieOptions::partitioned)) {
            Browser browser = browserWithBoth(before, "alice", after, "bob");

            assertThat(browser.get(after, "/")).isEqualTo("null null");
            assertThat(browser.lastResponse().header("Cache-Control")).hasValue("no-store");
            assertThat(browser.jar.size()).isEqualTo(1);
            assertThat(browser.get(after, "/")).isEqualTo("bob null");
        }
    }

    @Test
    void a_login_with_two_cookies_signs_in_and_a_logout_ends_both_sessions() {
        try (Site before = node(k -> {});
                Site after = node(CookieOptions::partitioned)) {
            Browser browser = browserWithBoth(before, "alice", after, "bob");
            browser.get(after, "/login?carol");
            assertThat(browser.jar.size()).isEqualTo(1);
            assertThat(browser.get(after, "/")).isEqualTo("carol null");

            Browser leaving = browserWithBoth(before, "dave", after, "erin");
            leaving.get(after, "/?logout");
            assertThat(leaving.jar.size()).isZero();
            assertThat(after.sessions().of("dave").list()).isEmpty();
            assertThat(after.sessions().of("erin").list()).isEmpty();

            Browser twice = browserWithBoth(before, "frank", after, "frank");
            twice.get(after, "/?logout");
            assertThat(twice.jar.size()).isZero();
            assertThat(after.sessions().of("frank").list()).isEmpty();
        }
    }

    @Test
    void the_cookies_of_two_ended_sessions_are_cleared() {
        try (Site before = node(k -> {});
                Site after = node(CookieOptions::partitioned)) {
            Browser browser = browserWithBoth(before, "alice", after, "bob");
            after.sessions().of("alice").endAll();
            after.sessions().of("bob").endAll();

            assertThat(browser.get(after, "/")).isEqualTo("null null");
            assertThat(browser.jar.size()).isZero();
        }
    }

    /** Returns a browser with both cookies: each sign-in happened without the other cookie. */
    private static Browser browserWithBoth(Site before, String one, Site after, String other) {
        Browser browser = signIn(before, one);
        Browser second = signIn(after, other);
        browser.jar.receive(HOST, "/", TOP_LEVEL_SITE, second.lastResponse().cookies());
        assertThat(browser.jar.size()).isEqualTo(2);
        return browser;
    }

    // ---- a sibling host under domain(…)

    private Site siteWithDomain() {
        return node(k -> k.domain("example.com"));
    }

    private static String token(Browser browser) {
        String line = browser.lastResponse()
                .cookies()
                .get(browser.lastResponse().cookies().size() - 1);
        return line.substring(line.indexOf('=') + 1, line.indexOf(';'));
    }

    @Test
    void a_planted_valid_token_is_never_used_next_to_the_users_own_and_is_cleared_at_once() {
        for (String place : List.of(
                "; Path=/account", "; Path=/account/", "; Path=/; Partitioned", "; Path=/account/x; Partitioned")) {
            try (Site site = siteWithDomain()) {
                Browser victim = signIn(site, "alice");
                victim.plant("__Secure-id=" + token(signIn(site, "mallory")) + "; Secure; Domain=example.com" + place);

                assertThat(victim.get(site, "/account/x")).as(place).isEqualTo("null null");
                assertThat(victim.jar.size()).as(place).isEqualTo(1);
                assertThat(victim.get(site, "/account/x")).as(place).isEqualTo("alice null");
            }
        }
    }

    @Test
    void a_login_with_a_planted_token_signs_in_and_clears_it() {
        try (Site site = siteWithDomain()) {
            Browser victim = new Browser();
            victim.get(site, "/?set=cart");
            victim.plant(
                    "__Secure-id=" + token(signIn(site, "mallory")) + "; Secure; Domain=example.com; Path=/account");

            victim.get(site, "/account/login?alice");

            assertThat(victim.jar.size()).isEqualTo(1);
            assertThat(victim.get(site, "/account/x")).isEqualTo("alice null");
            assertThat(site.sessions().of("mallory").list()).hasSize(1);
        }
    }

    @Test
    void a_former_token_does_not_conflict_with_its_successor() {
        try (Site site = siteWithDomain()) {
            Browser browser = signIn(site, "alice");
            String old = token(browser);
            browser.get(site, "/?change-id");
            browser.plant("__Secure-id=" + old + "; Secure; Domain=example.com; Path=/account");

            assertThat(browser.get(site, "/account")).isEqualTo("alice null");
            assertThat(browser.jar.size()).isEqualTo(1);
        }
    }

    @Test
    void a_planted_token_is_not_used_next_to_a_user_token_that_a_login_replaced() {
        try (Site site = siteWithDomain()) {
            Browser victim = signIn(site, "alice");
            String old = token(victim);
            victim.get(site, "/?change-id");
            String newest = token(victim);
            Browser late = new Browser();
            late.plant("__Secure-id=" + old + "; Secure; Domain=example.com; Path=/");
            late.plant("__Secure-id=" + token(signIn(site, "mallory")) + "; Secure; Domain=example.com; Path=/account");

            assertThat(late.get(site, "/account")).isEqualTo("null null");

            late.plant("__Secure-id=" + newest + "; Secure; Domain=example.com; Path=/");
            assertThat(late.get(site, "/account")).isEqualTo("alice null");
        }
    }

    @Test
    void any_number_of_planted_cookies_is_cleared_and_a_login_signs_in() {
        try (Site site = siteWithDomain()) {
            Browser victim = new Browser();
            for (int i = 1; i <= DEEP.length(); i++) {
                victim.plant("__Secure-id=junk" + i + "; Secure; Domain=example.com; Path=" + DEEP.substring(0, i));
            }
            for (int rounds = 0; rounds < 1_000 && victim.jar.size() > 4; rounds++) {
                assertThat(victim.get(site, DEEP)).isEqualTo("null null");
                assertThat(victim.lastResponse().cookies().stream()
                                .mapToInt(String::length)
                                .sum())
                        .isLessThan(4_000);
            }
            // A few cookies that are not tokens are harmless.
            assertThat(victim.jar.size()).isBetween(1, 4);
            victim.get(site, DEEP + "?alice");

            assertThat(victim.get(site, DEEP)).isEqualTo("alice null");
        }
    }

    @Test
    void a_domain_that_is_added_later_replaces_the_host_only_cookie() {
        try (Site before = node(k -> k.name("__Secure-sid"));
                Site after = node(k -> k.name("__Secure-sid").domain("example.com"))) {
            Browser browser = browserWithBoth(before, "alice", after, "alice");

            assertThat(browser.get(after, "/")).isEqualTo("alice null");
            assertThat(browser.jar.size()).isEqualTo(1);
        }
    }

    // ---- costs and failures

    @Test
    void two_tokens_cost_one_more_load_each_and_one_touch_once() {
        try (Site before = node(k -> {});
                Site after = node(CookieOptions::partitioned)) {
            Browser browser = browserWithBoth(before, "alice", after, "alice");
            store.clearCalls();
            browser.get(after, "/");
            assertThat(store.calls()).containsExactly("load", "load", "load", "touch");
            store.clearCalls();
            browser.get(after, "/");
            assertThat(store.calls()).containsExactly("load");
        }
    }
}
