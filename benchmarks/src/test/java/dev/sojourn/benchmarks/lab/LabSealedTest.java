package dev.sojourn.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpCookie;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the lab with sealed sessions on each adapter, in its own process. Each test has its own client. */
@ParameterizedClass
@MethodSource("dev.sojourn.benchmarks.lab.LabTest#adapters")
class LabSealedTest {
    @SuppressWarnings("NullAway.Init") // started before the first test
    private static LabProcess lab;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before each class of tests
    private String adapter;

    private final LabClient client = new LabClient();

    @BeforeParameterizedClassInvocation
    static void start(String adapter) throws IOException {
        lab = LabProcess.start("--adapter", adapter, "--store", "sealed", "--cookie", "lab");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        lab.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.get(lab.address(), path);
    }

    private HttpResponse<String> post(String path) throws Exception {
        return client.post(lab.address(), path);
    }

    private void assertOk(HttpResponse<String> response, String body) {
        assertThat(response.statusCode()).as(adapter).isEqualTo(200);
        assertThat(response.body()).isEqualTo(body);
    }

    private HttpCookie cookie() {
        assertThat(client.cookies.getCookieStore().getCookies()).hasSize(1);
        return client.cookies.getCookieStore().getCookies().get(0);
    }

    @Test
    void the_cookie_is_the_session() throws Exception {
        assertOk(get("/read"), "");
        assertThat(client.cookies.getCookieStore().getCookies()).isEmpty();
        assertOk(get("/view"), "1");
        String first = cookie().getValue();
        assertOk(get("/view"), "2");
        assertOk(get("/read"), "2");
        assertOk(post("/set?k=name&v=J%C3%BCrgen"), "ok");
        assertOk(post("/slowset?k=slow&v=1&ms=1"), "ok");
        assertOk(get("/get?k=name"), "Jürgen");
        assertThat(cookie().getName()).isEqualTo("lab");

        cookie().setValue(first);
        assertOk(get("/read"), "1");
    }

    @Test
    void plain_does_not_open_the_session() throws Exception {
        assertOk(get("/view"), "1");
        for (String path : List.of("/bare", "/plain")) {
            HttpResponse<String> response = get(path);
            assertOk(response, "ok");
            assertThat(response.headers().map()).doesNotContainKeys("set-cookie", "vary");
        }
    }

    @Test
    void a_copy_of_the_cookie_is_worthless_after_the_logout() throws Exception {
        assertOk(post("/login?user=alice"), "ok");
        assertOk(get("/whoami"), "alice");
        HttpCookie copy = (HttpCookie) cookie().clone();

        assertOk(post("/logout"), "ok");
        assertThat(client.cookies.getCookieStore().getCookies()).isEmpty();
        client.cookies.getCookieStore().add(lab.address(), copy);
        assertOk(get("/whoami"), "");
    }

    @Test
    void seed_fits_in_345_bytes() throws Exception {
        assertOk(post("/seed?user=bob"), "ok");
        assertOk(get("/get?k=user"), "bob");
        assertOk(get("/get?k=cart"), "17");
        assertThat(cookie().getValue()).hasSizeLessThanOrEqualTo(345);
    }

    @Test
    void incr_is_not_implemented() throws Exception {
        HttpResponse<String> response = post("/incr?k=n");
        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(response.body()).contains("needs a store");
        assertThat(get("/incr?k=n").statusCode()).isEqualTo(405);
    }

    @Test
    void a_session_that_does_not_fit_is_refused_and_the_cookie_stays() throws Exception {
        assertOk(post("/set?k=a&v=1"), "ok");
        String before = cookie().getValue();
        assertThat(post("/set?k=b&v=" + "x".repeat(4_000)).statusCode()).isEqualTo(500);
        assertThat(cookie().getValue()).isEqualTo(before);
        assertOk(get("/get?k=a"), "1");
    }
}
