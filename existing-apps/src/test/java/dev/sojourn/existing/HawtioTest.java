package dev.sojourn.existing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Hawtio, a console for the JVM that keeps who is signed in in its {@code HttpSession}, on two nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HawtioTest {
    private static final String ADA = "{\"username\":\"ada\",\"password\":\"lovelace\"}";

    private Tomcat one;
    private Tomcat two;

    @BeforeAll
    void start(@TempDir Path folder) {
        Path file = folder.resolve("sessions.db");
        one = new Tomcat(folder.resolve("one"), Tomcat.hawtio(), "/hawtio", file);
        two = new Tomcat(folder.resolve("two"), Tomcat.hawtio(), "/hawtio", file);
    }

    @AfterAll
    void stop() {
        for (Tomcat each : new Tomcat[] {one, two}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void who_signs_in_on_one_node_is_signed_in_on_the_other_and_signing_out_there_holds_here() {
        Browser ada = new Browser();
        assertThat(reads(ada, one)).isBetween(400, 403);
        assertThat(ada.postJson(one, "/hawtio/auth/login", "{\"username\":\"ada\",\"password\":\"no\"}")
                        .statusCode())
                .isBetween(400, 403);

        HttpResponse<String> login = ada.postJson(one, "/hawtio/auth/login", ADA);

        assertThat(login.statusCode()).as(login.body() + one.said()).isEqualTo(200);
        assertThat(ada.get(two, "/hawtio/user").body()).contains("ada");
        assertThat(reads(ada, one)).isEqualTo(200);
        assertThat(reads(ada, two)).as(two.said()).isEqualTo(200);

        ada.get(two, "/hawtio/auth/logout");

        assertThat(reads(ada, one)).isBetween(400, 403);
        assertThat(reads(ada, two)).isBetween(400, 403);
    }

    @Test
    void a_node_that_is_killed_takes_nobodys_session_with_it() {
        Browser ada = new Browser();
        ada.postJson(two, "/hawtio/auth/login", ADA);

        two.killAndStart();

        assertThat(reads(ada, two)).isEqualTo(200);
    }

    /** The console's own interface, for those who are signed in. */
    private static int reads(Browser browser, Tomcat node) {
        return browser.get(node, "/hawtio/jolokia/version").statusCode();
    }
}
