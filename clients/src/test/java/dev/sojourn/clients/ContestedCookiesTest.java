package dev.sojourn.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.CookieOptions;
import dev.sojourn.SameSite;
import dev.sojourn.Sessions;
import dev.sojourn.tools.HeadlessChromium;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * A real browser with several cookies of the session's name: from before a deployment that gave the cookie another place, or
 * planted by a sibling host. The browser alone decides what it keeps, sends and takes away.
 */
@SuppressWarnings("UnnecessaryLambda") // told apart by their constants
class ContestedCookiesTest {
    private static final String SHOP = "shop.sojourn.test";
    private static final String SIBLING = "evil.sojourn.test";
    private static final String PORTAL = "portal.other.test";
    private static final Consumer<CookieOptions> DEFAULTS = cookie -> {};
    private static final Consumer<CookieOptions> PARTITIONED = CookieOptions::partitioned;
    private static final Consumer<CookieOptions> ROOT = cookie -> cookie.name("__Secure-id");
    private static final Consumer<CookieOptions> SHARED = cookie -> cookie.domain("sojourn.test");

    private static ChromeDriver driver;
    private MembersSite site;

    @BeforeAll
    static void startBrowser() {
        driver = HeadlessChromium.start(
                Duration.ofSeconds(30),
                options -> options.addArguments(
                                "--ignore-certificate-errors", "--host-resolver-rules=MAP *.test 127.0.0.1")
                        // Third parties' cookies are allowed, or an embedded page could never have two.
                        .setExperimentalOption("prefs", Map.of("profile.cookie_controls_mode", 0)));
    }

    @AfterAll
    static void stopBrowser() {
        driver.quit();
    }

    @BeforeEach
    void startSite() throws Exception {
        site = new MembersSite();
        forgetCookies();
    }

    @AfterEach
    void stopSite() {
        site.close();
    }

    // ---- the browser

    private String go(String host, String path) {
        driver.get("https://" + host + ":" + site.port() + path);
        return driver.findElement(By.tagName("body")).getText();
    }

    private String go(String path) {
        return go(SHOP, path);
    }

    private static void forgetCookies() {
        driver.executeCdpCommand("Storage.clearCookies", Map.of());
        assertThat(cookies()).isEmpty();
    }

    /** The session's cookies by their places, as the browser has them. */
    private static List<String> places() {
        return cookies().stream()
                .map(cookie -> cookie.get("domain") + " " + cookie.get("path")
                        + (cookie.containsKey("partitionKey") ? " partitioned" : ""))
                .sorted()
                .toList();
    }

    private static List<Map<String, Object>> cookies() {
        @SuppressWarnings("unchecked") // as the protocol of the browser's tools says
        List<Map<String, Object>> cookies = (List<Map<String, Object>>)
                driver.executeCdpCommand("Storage.getCookies", Map.of()).get("cookies");
        return Objects.requireNonNull(cookies);
    }

    private static String token() {
        assertThat(cookies()).hasSize(1);
        return String.valueOf(cookies().get(0).get("value"));
    }

    /** The token of a user who signed in to this version of the application in another browser. */
    private String tokenOf(String user, Consumer<CookieOptions> version) {
        site.deploy(version);
        forgetCookies();
        assertThat(go("/account/login?" + user)).isEqualTo(user);
        String token = token();
        forgetCookies();
        return token;
    }

    private void plant(String host, String cookie) {
        int before = cookies().size();
        site.plants(cookie);
        assertThat(go(host, "/plant")).isEqualTo("planted");
        assertThat(cookies()).as(cookie).hasSize(before + 1);
    }

    // ---- partitioned() is switched on, or off

    /** A browser with the cookies of both versions, the second of which is deployed. */
    private Sessions pair(Consumer<CookieOptions> before, String one, Consumer<CookieOptions> after, String other) {
        String old = tokenOf(one, before);
        Sessions sessions = site.deploy(after);
        assertThat(go("/login?" + other)).isEqualTo(other);
        boolean oldIsPartitioned = before == PARTITIONED;
        plant(SHOP, "__Host-id=" + old + "; Path=/; Secure; HttpOnly" + (oldIsPartitioned ? "; Partitioned" : ""));
        site.asked();
        return sessions;
    }

    @Test
    void a_deployment_that_partitions_the_cookie_signs_nobody_out_and_the_next_login_moves_it() {
        site.deploy(DEFAULTS);
        assertThat(go("/login?alice")).isEqualTo("alice");
        assertThat(places()).containsExactly(SHOP + " /");

        site.deploy(PARTITIONED);
        assertThat(go("/")).isEqualTo("alice");
        assertThat(go("/login?alice")).isEqualTo("alice");

        assertThat(places()).containsExactly(SHOP + " / partitioned");
        site.asked();
        assertThat(go("/")).isEqualTo("alice");
        assertThat(site.asked()).containsExactly("/");
    }

    @Test
    void the_way_back_signs_nobody_out_either() {
        site.deploy(PARTITIONED);
        assertThat(go("/login?alice")).isEqualTo("alice");
        assertThat(places()).containsExactly(SHOP + " / partitioned");

        site.deploy(DEFAULTS);
        assertThat(go("/")).isEqualTo("alice");
        assertThat(go("/login?alice")).isEqualTo("alice");

        assertThat(go("/")).isEqualTo("alice");
        assertThat(places()).containsExactly(SHOP + " /");
    }

    @Test
    void a_pair_of_one_users_sessions_is_one_cookie_after_one_request_that_is_signed_in() {
        pair(DEFAULTS, "alice", PARTITIONED, "alice");
        assertThat(places()).containsExactly(SHOP + " /", SHOP + " / partitioned");

        assertThat(go("/")).isEqualTo("alice");

        assertThat(site.asked()).containsExactly("/");
        assertThat(places()).containsExactly(SHOP + " / partitioned");
    }

    @Test
    void a_pair_of_two_users_heals_on_the_way_to_the_login_and_nobody_goes_in_circles() {
        for (List<Consumer<CookieOptions>> way :
                List.of(List.of(DEFAULTS, PARTITIONED), List.of(PARTITIONED, DEFAULTS))) {
            forgetCookies();
            pair(way.get(0), "alice", way.get(1), "bob");

            assertThat(go("/")).isEqualTo("bob");

            assertThat(site.asked()).containsExactly("/", "/login", "/");
            assertThat(places()).hasSize(1);
        }
    }

    @Test
    void a_login_with_a_pair_ends_signed_in() {
        pair(DEFAULTS, "alice", PARTITIONED, "bob");

        assertThat(go("/login?carol")).isEqualTo("carol");

        assertThat(site.asked()).containsExactly("/login", "/");
        assertThat(places()).containsExactly(SHOP + " / partitioned");
    }

    @Test
    void a_logout_with_a_pair_takes_both_cookies_away_and_ends_both_sessions() {
        Sessions sessions = pair(DEFAULTS, "alice", PARTITIONED, "bob");

        assertThat(go("/logout")).isEqualTo("signed out");

        assertThat(places()).isEmpty();
        assertThat(sessions.of("alice").list()).isEmpty();
        assertThat(sessions.of("bob").list()).isEmpty();
        assertThat(go("/")).isEqualTo("please sign in");
        assertThat(site.asked()).containsExactly("/logout", "/", "/login");
    }

    @Test
    void a_pair_of_ended_sessions_is_taken_away() {
        Sessions sessions = pair(DEFAULTS, "alice", PARTITIONED, "bob");
        sessions.of("alice").endAll();
        sessions.of("bob").endAll();

        assertThat(go("/")).isEqualTo("please sign in");

        assertThat(site.asked()).containsExactly("/", "/login");
        assertThat(places()).isEmpty();
    }

    @Test
    void nodes_of_both_versions_that_take_turns_keep_the_user_signed_in() {
        for (Consumer<CookieOptions> version : List.of(DEFAULTS, PARTITIONED, DEFAULTS, PARTITIONED)) {
            site.deploy(version);
            assertThat(go("/login?alice")).isEqualTo("alice");
            site.deploy(version == DEFAULTS ? PARTITIONED : DEFAULTS);
            assertThat(go("/")).isEqualTo("alice");
            assertThat(site.asked()).containsExactly("/");
        }
    }

    @Test
    void a_page_that_another_site_embeds_moves_its_cookie_into_the_partition_too() {
        site.deploy(cookie -> cookie.sameSite(SameSite.NONE));
        assertThat(go("/login?alice")).isEqualTo("alice");

        site.deploy(cookie -> cookie.sameSite(SameSite.NONE).partitioned());
        assertThat(embedded("/")).isEqualTo("alice");
        assertThat(embedded("/login?alice")).isEqualTo("alice");

        assertThat(places()).containsExactly(SHOP + " / partitioned");
        assertThat(embedded("/")).isEqualTo("alice");
    }

    /** Opens the page in a frame of another site. */
    private String embedded(String path) {
        site.plants("other=1");
        go(PORTAL, "/plant");
        driver.executeScript(
                "const frame = document.createElement('iframe'); frame.id = 'shop'; frame.src = arguments[0];"
                        + " document.body.replaceChildren(frame);",
                "https://" + SHOP + ":" + site.port() + path);
        driver.switchTo().frame("shop");
        try {
            return driver.findElement(By.tagName("pre")).getText();
        } finally {
            driver.switchTo().defaultContent();
            driver.executeCdpCommand("Network.deleteCookies", Map.of("name", "other", "domain", PORTAL));
        }
    }

    // ---- a sibling host below the cookie's domain

    /** Alice is signed in, and another host has planted a valid token of its own. */
    private void plantBesideAlice(String place) {
        String mallorys = tokenOf("mallory", SHARED);
        assertThat(go("/login?alice")).isEqualTo("alice");
        plant(SIBLING, "__Secure-id=" + mallorys + "; Secure; Domain=sojourn.test" + place);
        site.asked();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"; Path=/account", "; Path=/account/", "; Path=/; Partitioned", "; Path=/account/x; Partitioned"
            })
    void a_siblings_valid_token_is_never_used_and_gone_after_one_request(String place) {
        plantBesideAlice(place);

        assertThat(go("/account/x")).isEqualTo("alice");

        assertThat(site.asked()).startsWith("/account/x", "/login").hasSizeLessThanOrEqualTo(3);
        assertThat(places()).containsExactly(".sojourn.test /");
        assertThat(go("/account/x")).isEqualTo("alice");
        assertThat(site.asked()).containsExactly("/account/x");
    }

    @Test
    void a_login_beside_a_siblings_token_ends_signed_in_and_takes_it_away() {
        plantBesideAlice("; Path=/account");

        assertThat(go("/account/login?alice")).isEqualTo("alice");

        assertThat(site.asked()).containsExactly("/account/login", "/account/");
        assertThat(places()).containsExactly(".sojourn.test /");
    }

    @Test
    void a_logout_beside_a_siblings_token_takes_both_away() {
        plantBesideAlice("; Path=/account");

        assertThat(go("/account/logout")).isEqualTo("signed out");

        assertThat(places()).isEmpty();
        assertThat(go("/account/x")).isEqualTo("please sign in");
    }

    @Test
    void a_sibling_cannot_plant_a_cookie_beside_one_of_the_host_alone() {
        String mallorys = tokenOf("mallory", DEFAULTS);
        assertThat(go("/login?alice")).isEqualTo("alice");
        site.plants("__Host-id=" + mallorys + "; Secure; Domain=sojourn.test; Path=/");
        go(SIBLING, "/plant");

        assertThat(places()).containsExactly(SHOP + " /");
        assertThat(go("/")).isEqualTo("alice");
    }

    // ---- the path or the domain of the cookie changes under the same name

    /** What a deployment changes about the cookie, and where the browser has the old one and the new one. */
    record Change(
            String name,
            Consumer<CookieOptions> before,
            Consumer<CookieOptions> after,
            String oldPlace,
            String newPlace) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Change> changes() {
        Consumer<CookieOptions> account = cookie -> cookie.path("/account");
        return List.of(
                new Change("a wider path", account, ROOT, "; Path=/account", SHOP + " /"),
                new Change("a narrower path", ROOT, account, "; Path=/", SHOP + " /account"),
                new Change("a domain", ROOT, SHARED, "; Path=/", ".sojourn.test /"),
                new Change("no domain", SHARED, ROOT, "; Path=/; Domain=sojourn.test", SHOP + " /"));
    }

    /** A browser that has the cookie of a user from before the change, and alice's from after it. */
    private Sessions moved(Change change, String oldUser) {
        String old = tokenOf(oldUser, change.before());
        Sessions sessions = site.deploy(change.after());
        assertThat(go("/account/login?alice")).isEqualTo("alice");
        plant(SHOP, "__Secure-id=" + old + "; Secure; HttpOnly" + change.oldPlace());
        site.asked();
        return sessions;
    }

    @ParameterizedTest
    @MethodSource("changes")
    void after_a_change_of_place_the_old_cookie_goes_and_its_user_stays_signed_in(Change change) {
        moved(change, "alice");

        assertThat(go("/account/x")).isEqualTo("alice");

        assertThat(site.asked()).containsExactly("/account/x");
        assertThat(places()).containsExactly(change.newPlace());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void after_a_change_of_place_an_old_cookie_of_another_user_costs_one_anonymous_request(Change change) {
        moved(change, "bob");

        go("/account/x");

        assertThat(site.asked()).startsWith("/account/x", "/login").hasSizeLessThanOrEqualTo(3);
        assertThat(places()).containsExactly(change.newPlace());
        assertThat(go("/account/x")).isEqualTo("alice");
    }

    @ParameterizedTest
    @MethodSource("changes")
    void after_a_change_of_place_a_login_ends_signed_in(Change change) {
        moved(change, "bob");

        assertThat(go("/account/login?carol")).isEqualTo("carol");

        assertThat(site.asked()).containsExactly("/account/login", "/account/");
        assertThat(places()).containsExactly(change.newPlace());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void after_a_change_of_place_a_logout_takes_both_cookies_away_and_ends_both_sessions(Change change) {
        Sessions sessions = moved(change, "bob");

        assertThat(go("/account/logout")).isEqualTo("signed out");

        assertThat(places()).isEmpty();
        assertThat(sessions.of("alice").list()).isEmpty();
        assertThat(sessions.of("bob").list()).isEmpty();
    }
}
