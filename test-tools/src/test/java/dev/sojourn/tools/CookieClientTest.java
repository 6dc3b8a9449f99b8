package dev.sojourn.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CookieClientTest {
    private final CookieClient client = new CookieClient();
    private HttpServer server;
    private URI home;

    /** Starts a server that sets the cookies of the query and returns the cookies and body that it received. */
    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String query = exchange.getRequestURI().getQuery();
            if (query != null) {
                List.of(query.split("&", -1))
                        .forEach(line -> exchange.getResponseHeaders().add("Set-Cookie", line));
            }
            byte[] body = (exchange.getRequestHeaders().getOrDefault("Cookie", List.of())
                            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        home = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String get(String path) {
        return client.send(HttpRequest.newBuilder(home.resolve(path))).body();
    }

    @Test
    void cookies_are_kept_replaced_and_removed() {
        assertThat(get("?a=1;Secure&b=;Path=/")).isEqualTo("[]");
        assertThat(get("?a=2;Secure")).isEqualTo("[a=1; b=]");
        assertThat(get("?b=;Max-Age=0")).isEqualTo("[a=2; b=]");
        assertThat(get("")).isEqualTo("[a=2]");
        client.cookies().put("c", "3");
        assertThat(get("")).isEqualTo("[a=2; c=3]");
    }

    @Test
    void a_form_is_sent_as_browsers_do() {
        assertThat(client.send(CookieClient.form(home, List.of(Map.entry("a b", "ü&"), Map.entry("c", ""))))
                        .body())
                .isEqualTo("[]a+b=%C3%BC%26&c=");
    }
}
