package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.UserSession;
import dev.sojourn.spring.Browser.Response;
import dev.sojourn.spring.sample.SampleApplication;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks the sample application with Spring Security. */
class SpringSecurityTest {
    private static final MemoryStore STORE = new MemoryStore();
    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(
                SampleApplication.class,
                Application.over(STORE),
                "sojourn.attributes.types=dev.sojourn.spring.sample.Note");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void endAllSessions() {
        List.of("alice", "bob").forEach(user -> sessions().of(user).endAll());
    }

    private static Sessions sessions() {
        return application.bean(Sessions.class);
    }

    private static List<UserSession> sessionsOf(String user) {
        return sessions().of(user).list();
    }

    @Test
    void a_login_changes_the_id_and_sets_the_subject() {
        Browser browser = application.browser();
        browser.get("/login");
        String before = String.valueOf(browser.cookie(Browser.COOKIE));

        Response answer = browser.signIn("alice", "wonderland");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.location()).isEqualTo("/");
        assertThat(browser.cookie(Browser.COOKIE)).isNotNull().isNotEqualTo(before);
        assertThat(browser.get("/").text()).contains("alice is signed in");
        assertThat(sessionsOf("alice")).hasSize(1);

        Browser thief = application.browser();
        thief.setCookie(Browser.COOKIE, before);
        assertThat(thief.get("/").text()).as("the old id is rejected").doesNotContain("alice");
        assertThat(thief.get("/notes").status()).isEqualTo(409);
    }

    @Test
    void attributes_from_before_the_login_stay() {
        Browser browser = application.browser();
        assertThat(browser.get("/").text()).contains("Visits: 1");
        browser.signIn("alice", "wonderland");

        assertThat(browser.get("/").text()).contains("Visits: 2");
    }

    @Test
    void the_requested_page_follows_the_login() {
        Browser browser = application.browser();
        assertThat(browser.get("/notes").location()).isEqualTo("/login");

        Response answer = browser.signIn("alice", "wonderland");

        assertThat(answer.location()).startsWith("/notes");
        assertThat(browser.get(answer.location()).text()).contains("Notes of alice");
    }

    @Test
    void a_wrong_password_is_reported_on_the_next_page() {
        Browser browser = application.browser();

        Response answer = browser.signIn("alice", "looking glass");

        assertThat(answer.location()).isEqualTo("/refused");
        assertThat(browser.get("/refused").text()).contains("Bad credentials");
        assertThat(sessionsOf("alice")).isEmpty();
    }

    @Test
    void a_failure_without_json_support_in_spring_security_is_also_reported() {
        Browser browser = application.browser();

        Response answer = browser.signIn("mallory", "wonderland");

        assertThat(answer.location()).isEqualTo("/refused");
        assertThat(browser.get("/refused").text()).contains("User is disabled");
    }

    @Test
    void a_form_without_a_csrf_token_is_rejected() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");

        assertThat(browser.post("/notes", Map.of("text", "forged")).status()).isEqualTo(403);
        assertThat(browser.get("/notes").text()).contains("Notes of alice").doesNotContain("forged");
    }

    @Test
    void a_listed_type_and_a_flash_attribute_are_read_back() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");

        Response written = browser.post(
                "/notes",
                Map.of("text", "Curiouser", "_csrf", browser.get("/notes").csrf()));

        assertThat(written.location()).isEqualTo("/notes");
        assertThat(browser.get("/notes").text()).contains("Written.", "Curiouser (2026-11-23)");
        assertThat(browser.get("/notes").text()).contains("Curiouser").doesNotContain("Written.");
    }

    @Test
    void a_logout_ends_the_session_and_clears_the_cookie() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");
        String cookie = String.valueOf(browser.cookie(Browser.COOKIE));

        Response answer =
                browser.post("/logout", Map.of("_csrf", browser.get("/notes").csrf()));

        assertThat(answer.location()).isEqualTo("/login?logout");
        assertThat(answer.setCookie()).contains("Max-Age=0");
        assertThat(sessionsOf("alice")).isEmpty();
        Browser thief = application.browser();
        thief.setCookie(Browser.COOKIE, cookie);
        assertThat(thief.get("/notes").location()).isEqualTo("/login");
    }

    @Test
    void a_remembered_user_gets_a_signed_in_session() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland", "remember-me", "on");
        sessions().of("alice").endAll();
        browser.removeCookie(Browser.COOKIE);

        Response answer = browser.get("/notes");

        assertThat(answer.text()).contains("Notes of alice");
        assertThat(answer.setCookie()).isNotEmpty();
        assertThat(sessionsOf("alice")).hasSize(1);
        browser.removeCookie("remember-me");
        assertThat(browser.get("/notes").text()).contains("Notes of alice");
    }

    @Test
    void a_session_ended_by_another_browser_is_signed_out_at_the_next_request() {
        Browser phone = application.browser();
        Browser laptop = application.browser();
        phone.signIn("alice", "wonderland");
        laptop.signIn("alice", "wonderland");
        assertThat(laptop.get("/notes").text()).contains("this browser", "another browser");
        String publicId = sessionsOf("alice").stream()
                .map(UserSession::publicId)
                .filter(each -> laptop.get("/notes").text().contains(each))
                .findFirst()
                .orElseThrow();

        laptop.post(
                "/end",
                Map.of("publicId", publicId, "_csrf", laptop.get("/notes").csrf()));

        assertThat(laptop.get("/notes").text()).contains("Ended.").doesNotContain("another browser");
        assertThat(phone.get("/notes").location()).isEqualTo("/login");
    }

    @Test
    void a_login_as_another_user_ends_the_session_of_the_first_user() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");
        browser.signIn("bob", "wonderland");

        assertThat(browser.get("/").text()).contains("bob is signed in");
        assertThat(sessionsOf("alice")).isEmpty();
        assertThat(sessionsOf("bob")).hasSize(1);
    }

    @Test
    void the_cookie_is_sent_only_when_the_id_changes() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");

        assertThat(browser.get("/notes").setCookie()).isEmpty();
        assertThat(browser.get("/").setCookie()).isEmpty();
    }
}
