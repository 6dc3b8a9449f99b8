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
 * A real browser with several cookies of the session's name: from before a deployment that changed the cookie's place (domain,
 * path or partition), or planted by a sibling host. The browser alone decides which cookies it keeps, sends and deletes.
 */
@SuppressWarnings("UnnecessaryLambda") // compared by identity
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
                        // Allow third-party cookies; otherwise an embedded page could never have two cookies.
                        .setExperimentalOption("prefs", Map.of("profile.cookie_controls_mode", 0)));
    }

    @AfterAll
    static void stopBrowser() {
        driver.quit();
    }

    @BeforeEach
    void startSite() throws Exception {
        site = new MembersSite();
        deleteCookies();
    }

    @AfterEach
    void stopSite() {
        site.close();
    }

    // ---- the browser

    private String get(String host, String path) {
        driver.get("https://" + host + ":" + site.port() + path);
        return driver.findElement(By.tagName("body")).getText();
    }

    private String get(String path) {
        return get(SHOP, path);
    }

    private static void deleteCookies() {
        driver.executeCdpCommand("Storage.clearCookies", Map.of());
        assertThat(cookies()).isEmpty();
    }

    /** Returns the places of the session cookies in the browser: domain, path and partition. */
    private static List<String> cookiePlaces() {
        return cookies().stream()
                .map(cookie -> cookie.get("domain") + " " + cookie.get("path")
                        + (cookie.containsKey("partitionKey") ? " partitioned" : ""))
                .sorted()
                .toList();
    }

    private static List<Map<String, Object>> cookies() {
        @SuppressWarnings("unchecked") // as the DevTools protocol specifies
        List<Map<String, Object>> cookies = (List<Map<String, Object>>)
                driver.executeCdpCommand("Storage.getCookies", Map.of()).get("cookies");
        return Objects.requireNonNull(cookies);
    }

    private static String token() {
        assertThat(cookies()).hasSize(1);
        return String.valueOf(cookies().get(0).get("value"));
    }

    /** Returns the token of a user who signed in to this version of the application in another browser. */
    private String tokenOf(String user, Consumer<CookieOptions> version) {
        site.deploy(version);
        deleteCookies();
        assertThat(get("/account/login?" + user)).isEqualTo(user);
        String token = token();
        deleteCookies();
        return token;
    }

    private void plant(String host, String cookie) {
        int before = cookies().size();
        site.setPlantedCookie(cookie);
        assertThat(get(host, "/plant")).isEqualTo("planted");
        assertThat(cookies()).as(cookie).hasSize(before + 1);
    }

    // ---- partitioned() is turned on or off

    /** Gives the browser the cookies of both versions and deploys the second version. */
    private Sessions setUpPair(
            Consumer<CookieOptions> before, String one, Consumer<CookieOptions> after, String other) {
        String old = tokenOf(one, before);
        Sessions sessions = site.deploy(after);
        assertThat(get("/login?" + other)).isEqualTo(other);
        boolean oldIsPartitioned = before == PARTITIONED;
        plant(SHOP, "__Host-id=" + old + "; Path=/; Secure; HttpOnly" + (oldIsPartitioned ? "; Partitioned" : ""));
        site.drainRequestedPaths();
        return sessions;
    }

    @Test
    void users_stay_signed_in_when_the_cookie_becomes_partitioned_and_the_next_login_moves_it() {
        site.deploy(DEFAULTS);
        assertThat(get("/login?alice")).isEqualTo("alice");
        assertThat(cookiePlaces()).containsExactly(SHOP + " /");

        site.deploy(PARTITIONED);
        assertThat(get("/")).isEqualTo("alice");
        assertThat(get("/login?alice")).isEqualTo("alice");

        assertThat(cookiePlaces()).containsExactly(SHOP + " / partitioned");
        site.drainRequestedPaths();
        assertThat(get("/")).isEqualTo("alice");
        assertThat(site.drainRequestedPaths()).containsExactly("/");
    }

    @Test
    void users_stay_signed_in_when_the_cookie_is_no_longer_partitioned() {
        site.deploy(PARTITIONED);
        assertThat(get("/login?alice")).isEqualTo("alice");
        assertThat(cookiePlaces()).containsExactly(SHOP + " / partitioned");

        site.deploy(DEFAULTS);
        assertThat(get("/")).isEqualTo("alice");
        assertThat(get("/login?alice")).isEqualTo("alice");

        assertThat(get("/")).isEqualTo("alice");
        assertThat(cookiePlaces()).containsExactly(SHOP + " /");
    }

    @Test
    void two_cookies_of_one_user_become_one_after_one_signed_in_request() {
        setUpPair(DEFAULTS, "alice", PARTITIONED, "alice");
        assertThat(cookiePlaces()).containsExactly(SHOP + " /", SHOP + " / partitioned");

        assertThat(get("/")).isEqualTo("alice");

        assertThat(site.drainRequestedPaths()).containsExactly("/");
        assertThat(cookiePlaces()).containsExactly(SHOP + " / partitioned");
    }

    @Test
    void two_cookies_of_two_users_become_one_without_a_redirect_loop() {
        for (List<Consumer<CookieOptions>> versions :
                List.of(List.of(DEFAULTS, PARTITIONED), List.of(PARTITIONED, DEFAULTS))) {
            deleteCookies();
            setUpPair(versions.get(0), "alice", versions.get(1), "bob");

            assertThat(get("/")).isEqualTo("bob");

            assertThat(site.drainRequestedPaths()).containsExactly("/", "/login", "/");
            assertThat(cookiePlaces()).hasSize(1);
        }
    }

    @Test
    void a_login_with_two_cookies_succeeds() {
        setUpPair(DEFAULTS, "alice", PARTITIONED, "bob");

        assertThat(get("/login?carol")).isEqualTo("carol");

        assertThat(site.drainRequestedPaths()).containsExactly("/login", "/");
        assertThat(cookiePlaces()).containsExactly(SHOP + " / partitioned");
    }

    @Test
    void a_logout_with_two_cookies_deletes_both_and_ends_both_sessions() {
        Sessions sessions = setUpPair(DEFAULTS, "alice", PARTITIONED, "bob");

        assertThat(get("/logout")).isEqualTo("signed out");

        assertThat(cookiePlaces()).isEmpty();
        assertThat(sessions.of("alice").list()).isEmpty();
        assertThat(sessions.of("bob").list()).isEmpty();
        assertThat(get("/")).isEqualTo("please sign in");
        assertThat(site.drainRequestedPaths()).containsExactly("/logout", "/", "/login");
    }

    @Test
    void two_cookies_of_ended_sessions_are_deleted() {
        Sessions sessions = setUpPair(DEFAULTS, "alice", PARTITIONED, "bob");
        sessions.of("alice").endAll();
        sessions.of("bob").endAll();

        assertThat(get("/")).isEqualTo("please sign in");

        assertThat(site.drainRequestedPaths()).containsExactly("/", "/login");
        assertThat(cookiePlaces()).isEmpty();
    }

    @Test
    void the_user_stays_signed_in_with_nodes_of_both_versions() {
        for (Consumer<CookieOptions> version : List.of(DEFAULTS, PARTITIONED, DEFAULTS, PARTITIONED)) {
            site.deploy(version);
            assertThat(get("/login?alice")).isEqualTo("alice");
            site.deploy(version == DEFAULTS ? PARTITIONED : DEFAULTS);
            assertThat(get("/")).isEqualTo("alice");
            assertThat(site.drainRequestedPaths()).containsExactly("/");
        }
    }

    @Test
    void an_embedded_page_also_moves_its_cookie_into_the_partition() {
        site.deploy(cookie -> cookie.sameSite(SameSite.NONE));
        assertThat(get("/login?alice")).isEqualTo("alice");

        site.deploy(cookie -> cookie.sameSite(SameSite.NONE).partitioned());
        assertThat(getInFrame("/")).isEqualTo("alice");
        assertThat(getInFrame("/login?alice")).isEqualTo("alice");

        assertThat(cookiePlaces()).containsExactly(SHOP + " / partitioned");
        assertThat(getInFrame("/")).isEqualTo("alice");
    }

    /** Opens the page in a frame of another site and returns its text. */
    private String getInFrame(String path) {
        site.setPlantedCookie("other=1");
        get(PORTAL, "/plant");
        driver.executeScript(
                "const frame = document.createElement('iframe'); frame.src = arguments[0];"
                        + " document.body.replaceChildren(frame);",
                "https://" + SHOP + ":" + site.port() + path);
        driver.switchTo().frame(driver.findElement(By.tagName("iframe")));
        try {
            return driver.findElement(By.tagName("pre")).getText();
        } finally {
            driver.switchTo().defaultContent();
            driver.executeCdpCommand("Network.deleteCookies", Map.of("name", "other", "domain", PORTAL));
        }
    }

    // ---- a sibling host below the cookie's domain

    /** Signs alice in and plants a valid token of mallory from a sibling host. */
    private void signInAliceAndPlant(String place) {
        String mallorys = tokenOf("mallory", SHARED);
        assertThat(get("/login?alice")).isEqualTo("alice");
        plant(SIBLING, "__Secure-id=" + mallorys + "; Secure; Domain=sojourn.test" + place);
        site.drainRequestedPaths();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"; Path=/account", "; Path=/account/", "; Path=/; Partitioned", "; Path=/account/x; Partitioned"
            })
    void a_valid_token_from_a_sibling_is_never_used_and_deleted_after_one_request(String place) {
        signInAliceAndPlant(place);

        assertThat(get("/account/x")).isEqualTo("alice");

        assertThat(site.drainRequestedPaths())
                .startsWith("/account/x", "/login")
                .hasSizeLessThanOrEqualTo(3);
        assertThat(cookiePlaces()).containsExactly(".sojourn.test /");
        assertThat(get("/account/x")).isEqualTo("alice");
        assertThat(site.drainRequestedPaths()).containsExactly("/account/x");
    }

    @Test
    void a_login_with_a_token_from_a_sibling_succeeds_and_deletes_that_token() {
        signInAliceAndPlant("; Path=/account");

        assertThat(get("/account/login?alice")).isEqualTo("alice");

        assertThat(site.drainRequestedPaths()).containsExactly("/account/login", "/account/");
        assertThat(cookiePlaces()).containsExactly(".sojourn.test /");
    }

    @Test
    void a_logout_with_a_token_from_a_sibling_deletes_both_tokens() {
        signInAliceAndPlant("; Path=/account");

        assertThat(get("/account/logout")).isEqualTo("signed out");

        assertThat(cookiePlaces()).isEmpty();
        assertThat(get("/account/x")).isEqualTo("please sign in");
    }

    @Test
    void a_sibling_cannot_plant_a_cookie_with_the_host_prefix() {
        String mallorys = tokenOf("mallory", DEFAULTS);
        assertThat(get("/login?alice")).isEqualTo("alice");
        site.setPlantedCookie("__Host-id=" + mallorys + "; Secure; Domain=sojourn.test; Path=/");
        get(SIBLING, "/plant");

        assertThat(cookiePlaces()).containsExactly(SHOP + " /");
        assertThat(get("/")).isEqualTo("alice");
    }

    // ---- the path or the domain of the cookie changes, its name does not

    /** A change of the cookie by a deployment, with the places of the old and the new cookie in the browser. */
    record CookieChange(
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

    static List<CookieChange> changes() {
        Consumer<CookieOptions> account = cookie -> cookie.path("/account");
        return List.of(
                new CookieChange("a wider path", account, ROOT, "; Path=/account", SHOP + " /"),
                new CookieChange("a narrower path", ROOT, account, "; Path=/", SHOP + " /account"),
                new CookieChange("a domain", ROOT, SHARED, "; Path=/", ".sojourn.test /"),
                new CookieChange("no domain", SHARED, ROOT, "; Path=/; Domain=sojourn.test", SHOP + " /"));
    }

    /** Gives the browser the cookie of a user from before the change, and the cookie of alice from after it. */
    private Sessions setUpOldAndNewCookie(CookieChange change, String oldUser) {
        String old = tokenOf(oldUser, change.before());
        Sessions sessions = site.deploy(change.after());
        assertThat(get("/account/login?alice")).isEqualTo("alice");
        plant(SHOP, "__Secure-id=" + old + "; Secure; HttpOnly" + change.oldPlace());
        site.drainRequestedPaths();
        return sessions;
    }

    @ParameterizedTest
    @MethodSource("changes")
    void after_a_change_of_place_the_old_cookie_is_deleted_and_its_user_stays_signed_in(CookieChange change) {
        setUpOldAndNewCookie(change, "alice");

        assertThat(get("/account/x")).isEqualTo("alice");

        assertThat(site.drainRequestedPaths()).containsExactly("/account/x");
        assertThat(cookiePlaces()).containsExactly(change.newPlace());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void after_a_change_of_place_an_old_cookie_of_another_user_costs_one_anonymous_request(CookieChange change) {
        setUpOldAndNewCookie(change, "bob");

        get("/account/x");

        assertThat(site.drainRequestedPaths())
                .startsWith("/account/x", "/login")
                .hasSizeLessThanOrEqualTo(3);
        assertThat(cookiePlaces()).containsExactly(change.newPlace());
        assertThat(get("/account/x")).isEqualTo("alice");
    }

    @ParameterizedTest
    @MethodSource("changes")
    void after_a_change_of_place_a_login_succeeds(CookieChange change) {
        setUpOldAndNewCookie(change, "bob");

        assertThat(get("/account/login?carol")).isEqualTo("carol");

        assertThat(site.drainRequestedPaths()).containsExactly("/account/login", "/account/");
        assertThat(cookiePlaces()).containsExactly(change.newPlace());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void after_a_change_of_place_a_logout_deletes_both_cookies_and_ends_both_sessions(CookieChange change) {
        Sessions sessions = setUpOldAndNewCookie(change, "bob");

        assertThat(get("/account/logout")).isEqualTo("signed out");

        assertThat(cookiePlaces()).isEmpty();
        assertThat(sessions.of("alice").list()).isEmpty();
        assertThat(sessions.of("bob").list()).isEmpty();
    }
}
