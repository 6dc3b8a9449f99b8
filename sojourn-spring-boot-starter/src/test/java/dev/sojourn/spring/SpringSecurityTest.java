package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.UserSession;
import dev.sojourn.spring.Browser.Answer;
import dev.sojourn.spring.sample.SampleApplication;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spring Security in the sample application. */
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
    void nobodyIsSignedIn() {
        List.of("alice", "bob").forEach(user -> sessions().of(user).endAll());
    }

    private static Sessions sessions() {
        return application.bean(Sessions.class);
    }

    private static List<UserSession> signedIn(String user) {
        return sessions().of(user).list();
    }

    @Test
    void signing_in_gives_a_new_id_and_the_session_belongs_to_the_user() {
        Browser browser = application.browser();
        browser.get("/login");
        String before = String.valueOf(browser.cookie(Browser.COOKIE));

        Answer answer = browser.signIn("alice", "wonderland");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.location()).isEqualTo("/");
        assertThat(browser.cookie(Browser.COOKIE)).isNotNull().isNotEqualTo(before);
        assertThat(browser.get("/").text()).contains("alice is signed in");
        assertThat(signedIn("alice")).hasSize(1);

        Browser thief = application.browser();
        thief.remember(Browser.COOKIE, before);
        assertThat(thief.get("/").text())
                .as("refused for some minutes, then nobody's")
                .doesNotContain("alice");
        assertThat(thief.get("/notes").status()).isEqualTo(409);
    }

    @Test
    void what_a_visitor_had_before_signing_in_stays() {
        Browser browser = application.browser();
        assertThat(browser.get("/").text()).contains("Visits: 1");
        browser.signIn("alice", "wonderland");

        assertThat(browser.get("/").text()).contains("Visits: 2");
    }

    @Test
    void the_page_that_was_asked_for_before_signing_in_comes_after_it() {
        Browser browser = application.browser();
        assertThat(browser.get("/notes").location()).isEqualTo("/login");

        Answer answer = browser.signIn("alice", "wonderland");

        assertThat(answer.location()).startsWith("/notes");
        assertThat(browser.get(answer.location()).text()).contains("Notes of alice");
    }

    @Test
    void a_wrong_password_is_told_on_the_next_page() {
        Browser browser = application.browser();

        Answer answer = browser.signIn("alice", "looking glass");

        assertThat(answer.location()).isEqualTo("/refused");
        assertThat(browser.get("/refused").text()).contains("Bad credentials");
        assertThat(signedIn("alice")).isEmpty();
    }

    @Test
    void a_failure_that_spring_security_has_no_json_for_is_told_too() {
        Browser browser = application.browser();

        Answer answer = browser.signIn("mallory", "wonderland");

        assertThat(answer.location()).isEqualTo("/refused");
        assertThat(browser.get("/refused").text()).contains("User is disabled");
    }

    @Test
    void a_form_without_its_token_is_refused() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");

        assertThat(browser.post("/notes", Map.of("text", "forged")).status()).isEqualTo(403);
        assertThat(browser.get("/notes").text()).contains("Notes of alice").doesNotContain("forged");
    }

    @Test
    void a_type_of_the_application_and_an_attribute_of_a_redirect() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");

        Answer written = browser.post(
                "/notes",
                Map.of("text", "Curiouser", "_csrf", browser.get("/notes").csrf()));

        assertThat(written.location()).isEqualTo("/notes");
        assertThat(browser.get("/notes").text()).contains("Written.", "Curiouser (2026-11-23)");
        assertThat(browser.get("/notes").text()).contains("Curiouser").doesNotContain("Written.");
    }

    @Test
    void signing_out_ends_the_session_and_takes_the_cookie_away() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");
        String cookie = String.valueOf(browser.cookie(Browser.COOKIE));

        Answer answer =
                browser.post("/logout", Map.of("_csrf", browser.get("/notes").csrf()));

        assertThat(answer.location()).isEqualTo("/login?logout");
        assertThat(answer.setCookie()).contains("Max-Age=0");
        assertThat(signedIn("alice")).isEmpty();
        Browser thief = application.browser();
        thief.remember(Browser.COOKIE, cookie);
        assertThat(thief.get("/notes").location()).isEqualTo("/login");
    }

    @Test
    void who_is_remembered_gets_a_session_that_is_signed_in() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland", "remember-me", "on");
        sessions().of("alice").endAll();
        browser.forget(Browser.COOKIE);

        Answer answer = browser.get("/notes");

        assertThat(answer.text()).contains("Notes of alice");
        assertThat(answer.setCookie()).isNotEmpty();
        assertThat(signedIn("alice")).hasSize(1);
        browser.forget("remember-me");
        assertThat(browser.get("/notes").text()).contains("Notes of alice");
    }

    @Test
    void a_session_that_is_ended_elsewhere_is_signed_out_at_the_next_request() {
        Browser phone = application.browser();
        Browser laptop = application.browser();
        phone.signIn("alice", "wonderland");
        laptop.signIn("alice", "wonderland");
        assertThat(laptop.get("/notes").text()).contains("this browser", "another browser");
        String handle = signedIn("alice").stream()
                .map(UserSession::publicId)
                .filter(each -> laptop.get("/notes").text().contains(each))
                .findFirst()
                .orElseThrow();

        laptop.post(
                "/end", Map.of("handle", handle, "_csrf", laptop.get("/notes").csrf()));

        assertThat(laptop.get("/notes").text()).contains("Ended.").doesNotContain("another browser");
        assertThat(phone.get("/notes").location()).isEqualTo("/login");
    }

    @Test
    void signing_in_as_somebody_else_leaves_the_first_user_signed_in_nowhere() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");
        browser.signIn("bob", "wonderland");

        assertThat(browser.get("/").text()).contains("bob is signed in");
        assertThat(signedIn("alice")).isEmpty();
        assertThat(signedIn("bob")).hasSize(1);
    }

    @Test
    void the_cookie_is_sent_when_the_id_changes_and_not_again() {
        Browser browser = application.browser();
        browser.signIn("alice", "wonderland");

        assertThat(browser.get("/notes").setCookie()).isEmpty();
        assertThat(browser.get("/").setCookie()).isEmpty();
    }
}
