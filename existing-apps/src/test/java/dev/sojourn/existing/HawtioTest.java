package dev.sojourn.existing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests Hawtio, a console for the JVM that keeps the signed-in user in its {@code HttpSession}, on two nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HawtioTest {
    private static final String ADA = "{\"username\":\"ada\",\"password\":\"lovelace\"}";

    private TomcatProcess one;
    private TomcatProcess two;

    @BeforeAll
    void start(@TempDir Path folder) {
        Path file = folder.resolve("sessions.db");
        one = new TomcatProcess(folder.resolve("one"), TomcatProcess.hawtio(), "/hawtio", file);
        two = new TomcatProcess(folder.resolve("two"), TomcatProcess.hawtio(), "/hawtio", file);
    }

    @AfterAll
    void stop() {
        for (TomcatProcess each : new TomcatProcess[] {one, two}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void a_sign_in_and_a_sign_out_are_valid_on_both_nodes() {
        AppClient ada = new AppClient();
        assertThat(statusOfRead(ada, one)).isBetween(400, 403);
        assertThat(ada.postJson(one, "/hawtio/auth/login", "{\"username\":\"ada\",\"password\":\"no\"}")
                        .statusCode())
                .isBetween(400, 403);

        HttpResponse<String> login = ada.postJson(one, "/hawtio/auth/login", ADA);

        assertThat(login.statusCode()).as(login.body() + one.logText()).isEqualTo(200);
        assertThat(ada.get(two, "/hawtio/user").body()).contains("ada");
        assertThat(statusOfRead(ada, one)).isEqualTo(200);
        assertThat(statusOfRead(ada, two)).as(two.logText()).isEqualTo(200);

        ada.get(two, "/hawtio/auth/logout");

        assertThat(statusOfRead(ada, one)).isBetween(400, 403);
        assertThat(statusOfRead(ada, two)).isBetween(400, 403);
    }

    @Test
    void a_session_survives_a_killed_node() {
        AppClient ada = new AppClient();
        ada.postJson(two, "/hawtio/auth/login", ADA);

        two.killAndRestart();

        assertThat(statusOfRead(ada, two)).isEqualTo(200);
    }

    /** Returns the status of a request that requires a signed-in user. */
    private static int statusOfRead(AppClient browser, TomcatProcess node) {
        return browser.get(node, "/hawtio/jolokia/version").statusCode();
    }
}
