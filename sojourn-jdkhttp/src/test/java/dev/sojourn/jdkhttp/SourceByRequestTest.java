package dev.sojourn.jdkhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Requests;
import dev.sojourn.Sessions;
import dev.sojourn.SourceByRequest;
import dev.sojourn.TokenViews;
import dev.sojourn.testing.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks one application that serves cookies to browsers, other cookies to its administrators, and tokens to mobile clients. */
class SourceByRequestTest {
    private static final String SECRET = "ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN";

    private final TestTokens tokens = new TestTokens();
    private final Sessions sessions = Sessions.create(c -> c.secret(SECRET));
    private final Sessions admin = Sessions.create(c -> c.secret(SECRET).cookie(cookie -> cookie.name("__Host-admin")));
    private final SourceByRequest mounted = SourceByRequest.of(sessions)
            .when(Requests.below("/api"), TokenViews.create(c -> c.trust(tokens)))
            .when(Requests.below("/admin"), admin);
    private final HttpServer server;

    SourceByRequestTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", SourceByRequestTest::handle).getFilters().add(new SojournFilter(mounted));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void handle(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().endsWith("/login")) {
            Sojourn.session(exchange).login("bob");
        }
        byte[] body = String.valueOf(Sojourn.view(exchange).subject()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String cookie(HttpResponse<?> response) {
        return response.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    @Test
    void each_request_uses_the_source_of_its_rule() throws Exception {
        String bearer = "Bearer " + tokens.issue("alice", Instant.now(), Map.of());
        assertThat(get("/api/me", "Authorization", bearer).body()).isEqualTo("alice");
        assertThat(get("/me", "Authorization", bearer).body()).isEqualTo("null");
        assertThat(get("/api/me", "Authorization", "Bearer forged").statusCode())
                .isEqualTo(401);

        String browser = cookie(get("/login"));
        String administrator = cookie(get("/admin/login"));
        assertThat(browser).startsWith("__Host-id=");
        assertThat(administrator).startsWith("__Host-admin=");
        assertThat(get("/me", "Cookie", browser).body()).isEqualTo("bob");
        assertThat(get("/admin/me", "Cookie", administrator).body()).isEqualTo("bob");
        assertThat(get("/admin/me", "Cookie", browser).body()).isEqualTo("null");
        assertThat(get("/api/me", "Cookie", browser).body()).isEqualTo("null");
    }

    @Test
    void a_kind_that_the_rule_does_not_mount_is_refused() throws Exception {
        assertThat(get("/api/login").statusCode()).isEqualTo(500);
        assertThat(get("/api/login").headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void a_source_by_request_has_the_cookies_and_headers_of_all_its_sources() {
        assertThat(mounted.cookieNames()).containsExactlyInAnyOrder("__Host-id", "__Host-admin");
        assertThat(mounted.tokenHeaders()).containsExactlyInAnyOrder("Cookie", "Authorization");
        assertThat(mounted.sources()).hasSize(3).endsWith(admin, sessions);
    }

    @Test
    void two_sources_with_one_cookie_name_are_refused_at_start_up() {
        Sessions same = Sessions.create(c -> c.secret(SECRET));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mounted.when(Requests.below("/other"), same))
                .withMessageContaining("__Host-id")
                .withMessageContaining("name(");
    }
}
