package dev.sojourn.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.demo.servers.Adapters;
import dev.sojourn.demo.store.DemoStore;
import dev.sojourn.tools.NeedsBrowser;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Uses every page of the demo, and saves screenshots in {@code target/screenshots}. */
@NeedsBrowser
final class DemoInBrowserTest {
    private static final String COOKIE = "__Host-id";
    private static final List<String> PAGES = List.of(
            "Counter",
            "Attributes",
            "Account",
            "Devices",
            "New id",
            "Cookie and timeouts",
            "API tokens",
            "Cost",
            "Journal");

    private static final String LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff";

    private static DemoServer server;
    /** JavaScript is off in {@code browser} and {@code other}. */
    private static Chromium browser;

    private static Chromium other;
    private static Chromium scripted;

    @BeforeAll
    static void start() throws IOException {
        server = DemoServer.start(
                Adapters.byName(""), 0, "a9S/Jm0V3wqT5xRf2LkYb7cN8dHe1gUo4iPzQvXtM6s=", Clock.systemUTC());
        browser = Chromium.withoutJavaScript();
        other = Chromium.withoutJavaScript();
        scripted = Chromium.withJavaScript();
    }

    @AfterAll
    static void stop() {
        List.of(browser, other, scripted).forEach(Chromium::close);
        server.close();
    }

    @BeforeEach
    void startAnew() {
        List.of(browser, other, scripted).forEach(Chromium::startAnew);
    }

    @Test
    void everything_works_without_javascript() {
        browser.open("data:text/html,<title>off</title><script>document.title='on'</script>");
        assertThat(browser.title()).as("JavaScript").isEqualTo("off");
        clickThroughEverything(browser);
    }

    @Test
    void everything_works_with_javascript() {
        clickThroughEverything(scripted);
    }

    private static void clickThroughEverything(Chromium browser) {
        browser.open(server.address() + "/");
        assertThat(browser.main()).contains("once");
        browser.reload();
        browser.follow("View it again");
        assertThat(browser.main()).contains("3 times");
        attributes(browser);
        account(browser);
        identity(browser);
        cost(browser);
        cookie(browser);
        browser.follow("Journal");
        assertThat(browser.textsOf("summary")).hasSize(20);
    }

    private static void attributes(Chromium browser) {
        browser.follow("Attributes");
        browser.fill("Name", "colour");
        browser.fill("Value", "blue");
        browser.press("Set");
        assertThat(browser.main()).contains("Saved.", "colour");
        assertThat(browser.textsOf("summary").get(0)).isEqualTo("POST /attributes/set → 303 · 2 store calls");
        browser.reload();
        assertThat(browser.textsOf("summary").get(0))
                .as("a reload sends no form again")
                .startsWith("GET ");

        browser.fillAttribute("colour", "green");
        browser.press("Change colour");
        assertThat(browser.main()).contains("Saved.");

        browser.fill("Name", "");
        browser.fill("Value", "orphan");
        browser.press("Set");
        assertThat(browser.main()).contains("Nothing was saved.", "The name is empty.");

        browser.back();
        assertThat(browser.main()).contains("colour").doesNotContain("Nothing was saved.");
        browser.press("Remove colour");
        assertThat(browser.main()).contains("Removed.").doesNotContain("colour");
        browser.press("Remove all attributes");
        assertThat(browser.main()).contains("You have no attributes.");
    }

    private static void account(Chromium browser) {
        String before = browser.cookie(COOKIE).orElseThrow();
        browser.follow("Account");
        browser.press("Sign in");
        assertThat(browser.main()).contains("The name is empty.");
        browser.fill("Your name", "Ada Lovelace");
        browser.press("Sign in");
        assertThat(browser.main()).contains("Signed in as Ada Lovelace");
        assertThat(browser.cookie(COOKIE).orElseThrow()).isNotEqualTo(before);

        browser.press("Sign out");
        assertThat(browser.main()).contains("You are not signed in.");
        assertThat(browser.cookie(COOKIE)).isEmpty();
        browser.back();
        browser.reload();
        assertThat(browser.main()).as("the back button").contains("You are not signed in.");
    }

    private static void identity(Chromium browser) {
        browser.follow("Counter");
        browser.follow("New id");
        String publicId = browser.textsOf("dd code").get(0);
        browser.press("Change id");
        assertThat(browser.main()).contains("same data", "views");
        assertThat(browser.textsOf("dd code").get(0)).isNotEqualTo(publicId);
        browser.press("Regenerate");
        assertThat(browser.main()).contains("new, empty session");
        assertThat(browser.textsOf("dd")).contains("none");
        browser.press("Destroy");
        assertThat(browser.main()).contains("You have no session.");
        assertThat(browser.cookie(COOKIE)).isEmpty();
    }

    private static void cost(Chromium browser) {
        browser.follow("Counter");
        browser.follow("Cost");
        browser.press("Leave it untouched");
        assertThat(browser.textsOf("summary").get(0)).endsWith("/cost/untouched → 303 · 0 store calls");
        browser.press("Read");
        assertThat(browser.textsOf("summary").get(0)).endsWith("/cost/read → 303 · 1 store call");
        browser.press("Read and write");
        assertThat(browser.textsOf("summary").get(0)).endsWith("/cost/write → 303 · 2 store calls");
    }

    private static void cookie(Chromium browser) {
        browser.follow("Cookie and timeouts");
        String token = browser.cookie(COOKIE).orElseThrow();
        assertThat(browser.main())
                .contains(COOKIE + "=" + token.substring(0, 6) + "…", "Absolute timeout", "Touch interval")
                .doesNotContain(token.substring(0, 12));
        assertThat(browser.textsOf("time")).hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void the_buttons_of_the_api_page_need_javascript_and_the_page_says_so() {
        browser.open(server.address() + "/tokens");
        assertThat(browser.main())
                .contains("These buttons need JavaScript.", "curl")
                .doesNotContain("Who am I?");
    }

    @Test
    void a_script_uses_the_api_with_tokens() {
        scripted.open(server.address() + "/tokens");
        assertThat(scripted.main()).doesNotContain("These buttons need JavaScript.");
        scripted.press("Who am I?", "POST /api/browser/refresh → 401");

        scripted.fill("Your name", "Katherine");
        scripted.press("Sign in for tokens", "POST /api/browser/login → 200");
        assertThat(scripted.textsOf("#log").get(0))
                .contains("\"expires_in\": 300", "… (")
                .doesNotContain("refresh_token");
        scripted.press("Who am I?", "\"user\": \"Katherine\"");
        scripted.press("Count a visit", "\"visits\": 1");
        scripted.press("Refresh", "POST /api/browser/refresh → 200");
        scripted.reload();
        scripted.press("Count a visit", "\"visits\": 2");

        other.open(server.address() + "/account");
        other.fill("Your name", "Katherine");
        other.press("Sign in");
        scripted.press("List my sessions", "This script, ends");
        String publicId = publicIdIn(other);
        scripted.press("End session " + publicId, "POST /api/sessions/end → 200");
        other.reload();
        assertThat(other.main()).contains("You have no session.");

        apiScreenshots(scripted);
        scripted.press("Sign out", "POST /api/logout → 200");
        assertThat(scripted.cookie("__Host-refresh")).isEmpty();
        scripted.reload();
        scripted.press("Who am I?", "POST /api/browser/refresh → 401");
    }

    private static String publicIdIn(Chromium browser) {
        browser.follow("New id");
        return browser.textsOf("dd code").get(0);
    }

    private static void apiScreenshots(Chromium browser) {
        browser.press("List my sessions", "GET /api/sessions → 200");
        screenshots(browser, "api-tokens-in-use");
    }

    @Test
    void sealed_pages_fit_a_narrow_screen() throws IOException {
        try (DemoServer sealed = DemoServer.start(
                Adapters.byName(""),
                0,
                "a9S/Jm0V3wqT5xRf2LkYb7cN8dHe1gUo4iPzQvXtM6s=",
                Clock.systemUTC(),
                DemoStore.sealed(MemoryStore.builder().build()))) {
            browser.open(sealed.address() + "/account");
            browser.fill("Your name", LONG_NAME);
            browser.press("Sign in");
            for (String page : PAGES) {
                browser.follow(page);
                screenshots(browser, "sealed-" + page.toLowerCase(Locale.ROOT).replace(' ', '-'));
            }
        }
    }

    @Test
    void one_browser_ends_the_session_of_another() {
        signInAsHedy(browser);
        signInAsHedy(other);
        browser.follow("Devices");
        assertThat(browser.textsOf(".devices h3")).containsExactly("Chrome on Linux this device", "Chrome on Linux");
        browser.press("End session " + browser.textsOf(".devices dd code").get(1) + " on Chrome on Linux");
        assertThat(browser.main()).contains("That session has ended.", "this session only");
        other.follow("Devices");
        assertThat(other.main()).contains("You are not signed in.");

        signInAsHedy(other);
        other.follow("Devices");
        other.press("End all others");
        assertThat(other.textsOf(".devices h3")).containsExactly("Chrome on Linux this device");
        browser.follow("Devices");
        assertThat(browser.main()).contains("You are not signed in.");

        other.press("End all");
        assertThat(other.main()).contains("All your sessions have ended", "You are not signed in.");
    }

    private static void signInAsHedy(Chromium browser) {
        browser.open(server.address() + "/account");
        browser.fill("Your name", "Hedy");
        browser.press("Sign in");
    }

    @Test
    void the_account_page_changes_the_address_after_a_confirmation_refuses_a_foreign_page_and_ends_others() {
        signInAsHedy(browser);
        signInAsHedy(other);
        browser.fill("Your name, once more", "Hedy");
        browser.press("Confirm");
        browser.fill("New mail address", "hedy@example.org");
        browser.press("Change address");
        assertThat(browser.main()).contains("Your mail address was changed.", "hedy@example.org");

        browser.leaveBy("Open the foreign page");
        browser.pressElsewhere("Get the prize");
        assertThat(browser.text()).contains("This request was refused.");
        browser.open(server.address() + "/account");
        assertThat(browser.main()).contains("hedy@example.org").doesNotContain("mallory");

        browser.press("Sign out everywhere else");
        other.reload();
        assertThat(other.main()).contains("You are not signed in.");
    }

    @Test
    void the_page_warns_before_the_session_ends_and_a_button_extends_it() {
        signInAsHedy(scripted);
        scripted.press("Shorten the session");
        scripted.awaitText(".sojourn-session", "Your session is about to end.");
        screenshots(scripted, "account-warning");
        scripted.pressUntilGone("Stay signed in", ".sojourn-session");
    }

    @Test
    void signing_in_needs_only_the_keyboard() {
        browser.open(server.address() + "/account");
        browser.type(Keys.TAB);
        assertThat(browser.focused().getText()).isEqualTo("Skip to content");
        browser.screenshot("keyboard-skip-link");
        browser.type(Keys.ENTER);
        browser.tabTo("Your name");
        browser.type("Grace");
        browser.screenshot("keyboard-focus");
        browser.send(Keys.ENTER);
        assertThat(browser.main()).contains("Signed in as Grace");

        browser.tabTo("Sign out");
        browser.send(Keys.SPACE);
        assertThat(browser.main()).contains("You are not signed in.");
    }

    @Test
    void every_page_fits_a_narrow_screen() {
        browser.open(server.address() + "/");
        fillWithLongTexts(browser);
        other.open(server.address() + "/account");
        other.fill("Your name", LONG_NAME);
        other.press("Sign in");
        for (String page : PAGES) {
            browser.follow(page);
            screenshots(browser, page.toLowerCase(Locale.ROOT).replace(' ', '-'));
        }
        browser.open(server.address() + "/nowhere");
        screenshots(browser, "not-found");
        browser.open(server.address() + "/attributes");
        browser.press("Set");
        screenshots(browser, "refused-input");
    }

    private static void fillWithLongTexts(Chromium browser) {
        browser.follow("Account");
        browser.fill("Your name", LONG_NAME);
        browser.press("Sign in");
        browser.follow("Attributes");
        set(browser, "colour", "blue");
        set(browser, "AttributeWithAVeryLongNameWithoutBlanks1", "x".repeat(200));
    }

    private static void set(Chromium browser, String name, String value) {
        browser.fill("Name", name);
        browser.fill("Value", value);
        browser.press("Set");
    }

    private static void screenshots(Chromium browser, String page) {
        for (String scheme : List.of("light", "dark")) {
            browser.preferColorScheme(scheme);
            browser.useWideScreen();
            browser.screenshot(page + "-desktop-" + scheme);
            browser.useNarrowScreen();
            assertThat(browser.overflow())
                    .as("how much wider than the screen %s is", page)
                    .isLessThanOrEqualTo(0);
            assertThat(browser.narrowestControl())
                    .as("the narrowest control of %s", page)
                    .isGreaterThan(200);
            browser.screenshot(page + "-narrow-" + scheme);
        }
        browser.useWideScreen();
        browser.preferColorScheme("light");
    }
}
