package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spring.sample.SampleApplication;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that sessions survive a restart of the application. */
class RestartTest {
    @TempDir
    private Path folder;

    private Application start(String... properties) {
        String[] all = new String[properties.length + 1];
        System.arraycopy(properties, 0, all, 0, properties.length);
        all[properties.length] = "sojourn.attributes.types=dev.sojourn.spring.sample.Note";
        return Application.start(SampleApplication.class, all);
    }

    @Test
    void a_user_stays_signed_in_after_a_restart_with_sqlite() {
        assertStaysSignedIn("sojourn.sqlite.file=" + folder.resolve("data/sessions.db"));
    }

    @Test
    void a_user_stays_signed_in_after_a_restart_with_a_data_source_of_the_application() {
        assertStaysSignedIn(
                "spring.datasource.url=jdbc:h2:file:" + folder.resolve("application"),
                "sojourn.store=jdbc",
                "sojourn.jdbc.create-table-if-missing=true",
                "sojourn.jdbc.table=visits");
    }

    private void assertStaysSignedIn(String... properties) {
        Browser browser;
        try (Application before = start(properties)) {
            browser = before.browser();
            browser.get("/");
            browser.signIn("alice", "wonderland");
        }
        try (Application after = start(properties)) {
            browser.moveTo(after.port());

            assertThat(browser.get("/").text()).contains("Visits: 2", "alice is signed in");
            assertThat(browser.get("/notes").text()).contains("Notes of alice");
        }
    }
}
