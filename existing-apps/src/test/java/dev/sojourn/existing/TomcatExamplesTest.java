package dev.sojourn.existing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The examples that Tomcat brings: servlets and JSPs with sessions, on two nodes that share them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TomcatExamplesTest {
    private static final String SESSION = "/examples/servlets/servlet/SessionExample";
    private static final String CART = "/examples/jsp/sessions/carts.jsp";
    private static final String GUESS = "/examples/jsp/num/numguess.jsp";
    private static final String COLORS = "/examples/jsp/colors/colrs.jsp";
    private static final String PROTECTED = "/examples/jsp/security/protected/index.jsp";
    private static final Map<String, String> ADA = Map.of("j_username", "ada", "j_password", "lovelace");

    private Tomcat plain;
    private Tomcat one;
    private Tomcat two;

    @BeforeAll
    void start(@TempDir Path folder) {
        Path file = folder.resolve("sessions.db");
        plain = new Tomcat(folder.resolve("plain"), Tomcat.examples(), "/examples", null);
        one = new Tomcat(folder.resolve("one"), Tomcat.examples(), "/examples", file);
        two = new Tomcat(folder.resolve("two"), Tomcat.examples(), "/examples", file);
    }

    @AfterAll
    void stop() {
        for (Tomcat each : new Tomcat[] {plain, one, two}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void pages_are_those_of_the_containers_own_sessions_whichever_node_answers() {
        List<String> requests = List.of(
                SESSION,
                SESSION + "?dataname=colour&datavalue=%3Cred%3E",
                SESSION + "?dataname=size&datavalue=12",
                SESSION,
                SESSION + "?dataname=colour",
                SESSION,
                CART,
                // one at a time: the order in which it lists them is another in each process
                CART + "?itemId=0&submit=add",
                CART,
                CART + "?itemId=0&submit=remove",
                CART + "?itemId=3&submit=add",
                CART,
                "/examples/jsp/jsp2/el/implicit-objects.jsp?foo=bar");
        Browser before = new Browser();
        Browser after = new Browser();
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();

        for (int i = 0; i < requests.size(); i++) {
            expected.add(page(before.get(plain, requests.get(i))));
            found.add(page(after.get(i % 2 == 0 ? one : two, requests.get(i))));
        }

        assertThat(found).isEqualTo(expected);
        assertThat(after.cookies()).containsOnlyKeys("__Host-id.examples");
    }

    /** Without ids and times, which differ from run to run. */
    private static String page(HttpResponse<String> answer) {
        return answer.statusCode()
                + "\n"
                + answer.body()
                        .replaceAll("(Session ID:) \\S+", "$1 …")
                        .replaceAll("\\w{3} \\w{3} \\d\\d \\d\\d:\\d\\d:\\d\\d \\w+ \\d{4}", "(time)")
                        .replaceAll(";jsessionid=\\w+", "")
                        .replaceAll("localhost:\\d+", "localhost");
    }

    /** Nor would Tomcat's own clusters take it. */
    @Test
    void a_bean_that_cannot_be_written_down_is_refused_with_what_to_do() {
        HttpResponse<String> answer = new Browser().get(one, COLORS);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("colors.ColorGameBean").contains("Serializable");
    }

    @Test
    void a_game_is_played_to_its_end_on_two_nodes() {
        Browser player = new Browser();
        int low = 1;
        int high = 100;
        String page = player.get(one, GUESS).body();
        for (int i = 0; i < 8 && !page.contains("Congratulations"); i++) {
            int guess = (low + high) / 2;
            page = player.get(i % 2 == 0 ? two : one, GUESS + "?guess=" + guess).body();
            if (page.contains("higher")) {
                low = guess + 1;
            } else {
                high = guess - 1;
            }
        }

        assertThat(page).contains("Congratulations");
    }

    @Test
    void a_cart_outlives_a_node_that_is_killed() {
        Browser shopper = new Browser();
        shopper.get(two, CART + "?itemId=2&submit=add");
        String before = page(shopper.get(two, CART));

        two.killAndStart();

        assertThat(page(shopper.get(two, CART))).isEqualTo(before).contains("<li>");
    }

    @Test
    void who_signed_in_by_the_containers_form_is_signed_out_by_invalidate() {
        Browser ada = new Browser();
        assertThat(ada.get(one, PROTECTED).body()).contains("j_security_check");
        HttpResponse<String> answer = ada.post(one, "/examples/jsp/security/protected/j_security_check", ADA);
        assertThat(answer.statusCode()).isBetween(302, 303);
        assertThat(ada.get(one, PROTECTED).body()).contains("<b>ada</b>");

        ada.get(one, PROTECTED + "?logoff=true");

        assertThat(ada.get(one, PROTECTED).body()).contains("j_security_check");
    }
}
