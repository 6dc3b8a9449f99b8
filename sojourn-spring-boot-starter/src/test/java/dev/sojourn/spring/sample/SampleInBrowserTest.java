package dev.sojourn.spring.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import dev.sojourn.tools.NeedsBrowser;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

/** Clicks through the sample application in a browser. */
@NeedsBrowser
class SampleInBrowserTest {
    private static final String COOKIE = "__Host-id";

    @TempDir
    private Path folder;

    private ServletWebServerApplicationContext start() {
        return (ServletWebServerApplicationContext) SpringApplication.run(
                SampleApplication.class,
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.main.banner-mode=off",
                "--logging.level.root=error",
                "--sojourn.secret=ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN",
                "--sojourn.sqlite.file=" + folder.resolve("sessions.db"),
                "--sojourn.attributes.types=dev.sojourn.spring.sample.Note");
    }

    private static String address(ServletWebServerApplicationContext application) {
        return "http://localhost:"
                + Objects.requireNonNull(application.getWebServer()).getPort();
    }

    @Test
    void a_user_signs_in_writes_notes_across_a_restart_and_signs_out() {
        try (Chromium browser = Chromium.start()) {
            try (ServletWebServerApplicationContext application = start()) {
                browser.open(address(application) + "/");
                assertThat(browser.text()).contains("Visits: 1", "No user is signed in.");
                String before = browser.cookie(COOKIE).orElseThrow();

                browser.open(address(application) + "/notes");
                signIn(browser, "looking glass");
                assertThat(browser.text()).contains("Login failed", "Bad credentials");

                browser.open(address(application) + "/login");
                signIn(browser, "wonderland");
                assertThat(browser.text()).as("the requested page").contains("Notes of alice");
                assertThat(browser.cookie(COOKIE)).isPresent().get().isNotEqualTo(before);

                browser.fill("text", "Curiouser & curiouser");
                browser.press("Write");
                assertThat(browser.text()).contains("Written.", "Curiouser & curiouser (2026-11-23)");
            }
            try (ServletWebServerApplicationContext application = start()) {
                browser.open(address(application) + "/notes");
                assertThat(browser.text())
                        .contains("Notes of alice", "Curiouser")
                        .doesNotContain("Written.");

                browser.press("Sign out");
                assertThat(browser.text()).contains("You have been signed out");
                browser.open(address(application) + "/notes");
                assertThat(browser.text()).contains("Please sign in");
            }
        }
    }

    @Test
    void one_browser_ends_the_session_of_another_and_remember_me_signs_in_again() {
        try (ServletWebServerApplicationContext application = start();
                Chromium phone = Chromium.start();
                Chromium laptop = Chromium.start()) {
            phone.open(address(application) + "/notes");
            signIn(phone, "wonderland");
            laptop.open(address(application) + "/notes");
            laptop.tick("remember-me");
            signIn(laptop, "wonderland");
            assertThat(laptop.text()).contains("this browser", "another browser");

            laptop.press("End");
            assertThat(laptop.text()).contains("Ended.").doesNotContain("another browser");
            phone.open(address(application) + "/notes");
            assertThat(phone.text()).contains("Please sign in");

            application.getBean(Sessions.class).of("alice").endAll();
            laptop.open(address(application) + "/notes");
            assertThat(laptop.text()).as("remembered").contains("Notes of alice");
        }
    }

    private static void signIn(Chromium browser, String password) {
        browser.fill("username", "alice");
        browser.fill("password", password);
        browser.press("Sign in");
    }
}
