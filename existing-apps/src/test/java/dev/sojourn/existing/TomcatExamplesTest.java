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

/** Tests Tomcat's examples, servlets and JSPs that use sessions, on two nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TomcatExamplesTest {
    private static final String SESSION = "/examples/servlets/servlet/SessionExample";
    private static final String CART = "/examples/jsp/sessions/carts.jsp";
    private static final String GUESS = "/examples/jsp/num/numguess.jsp";
    private static final String COLORS = "/examples/jsp/colors/colrs.jsp";
    private static final String PROTECTED = "/examples/jsp/security/protected/index.jsp";
    private static final Map<String, String> ADA = Map.of("j_username", "ada", "j_password", "lovelace");

    private TomcatProcess plain;
    private TomcatProcess one;
    private TomcatProcess two;

    @BeforeAll
    void start(@TempDir Path folder) {
        Path file = folder.resolve("sessions.db");
        plain = new TomcatProcess(folder.resolve("plain"), TomcatProcess.examples(), "/examples", null);
        one = new TomcatProcess(folder.resolve("one"), TomcatProcess.examples(), "/examples", file);
        two = new TomcatProcess(folder.resolve("two"), TomcatProcess.examples(), "/examples", file);
    }

    @AfterAll
    void stop() {
        for (TomcatProcess each : new TomcatProcess[] {plain, one, two}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void pages_are_the_same_as_with_the_containers_own_sessions() {
        List<String> requests = List.of(
                SESSION,
                SESSION + "?dataname=colour&datavalue=%3Cred%3E",
                SESSION + "?dataname=size&datavalue=12",
                SESSION,
                SESSION + "?dataname=colour",
                SESSION,
                CART,
                // one item at a time, because the order of the list differs between processes
                CART + "?itemId=0&submit=add",
                CART,
                CART + "?itemId=0&submit=remove",
                CART + "?itemId=3&submit=add",
                CART,
                "/examples/jsp/jsp2/el/implicit-objects.jsp?foo=bar");
        AppClient before = new AppClient();
        AppClient after = new AppClient();
        List<String> expected = new ArrayList<>();
        List<String> found = new ArrayList<>();

        for (int i = 0; i < requests.size(); i++) {
            expected.add(comparable(before.get(plain, requests.get(i))));
            found.add(comparable(after.get(i % 2 == 0 ? one : two, requests.get(i))));
        }

        assertThat(found).isEqualTo(expected);
        assertThat(after.cookies()).containsOnlyKeys("__Host-id.examples");
    }

    /** Removes ids and times, which differ in each run. */
    private static String comparable(HttpResponse<String> response) {
        return response.statusCode()
                + "\n"
                + response.body()
                        .replaceAll("(Session ID:) \\S+", "$1 …")
                        .replaceAll("\\w{3} \\w{3} \\d\\d \\d\\d:\\d\\d:\\d\\d \\w+ \\d{4}", "(time)")
                        .replaceAll(";jsessionid=\\w+", "")
                        .replaceAll("localhost:\\d+", "localhost");
    }

    /** Tomcat's own clusters refuse the bean, too. */
    @Test
    void a_bean_that_is_not_serializable_is_refused_with_a_reason() {
        HttpResponse<String> response = new AppClient().get(one, COLORS);

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("colors.ColorGameBean").contains("Serializable");
    }

    @Test
    void a_game_is_played_to_its_end_on_two_nodes() {
        AppClient player = new AppClient();
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
    void a_cart_survives_a_killed_node() {
        AppClient shopper = new AppClient();
        shopper.get(two, CART + "?itemId=2&submit=add");
        String before = comparable(shopper.get(two, CART));

        two.killAndRestart();

        assertThat(comparable(shopper.get(two, CART))).isEqualTo(before).contains("<li>");
    }

    @Test
    void invalidate_signs_out_a_user_of_the_containers_form_login() {
        AppClient ada = new AppClient();
        assertThat(ada.get(one, PROTECTED).body()).contains("j_security_check");
        HttpResponse<String> response = ada.post(one, "/examples/jsp/security/protected/j_security_check", ADA);
        assertThat(response.statusCode()).isBetween(302, 303);
        assertThat(ada.get(one, PROTECTED).body()).contains("<b>ada</b>");

        ada.get(one, PROTECTED + "?logoff=true");

        assertThat(ada.get(one, PROTECTED).body()).contains("j_security_check");
    }
}
