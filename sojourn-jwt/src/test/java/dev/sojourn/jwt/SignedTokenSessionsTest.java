package dev.sojourn.jwt;

import static dev.sojourn.jwt.SignatureAlgorithm.ES256;
import static dev.sojourn.jwt.SignatureAlgorithm.RS256;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.Session;
import dev.sojourn.TokenSessions;
import dev.sojourn.TokenViews;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.spi.TokenVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** An application issues signed tokens for its own sessions, and another service reads them through its JWKS document. */
class SignedTokenSessionsTest {
    private static final String ISSUER = "https://shop.example.com";
    private static final String AUDIENCE = "https://orders.example.com";
    private static final Key<String> ROLE = Key.of("role", String.class);
    private static final Key<Integer> VIEWS = Key.of("views", Integer.class);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void a_signed_token_opens_its_session_here_is_read_elsewhere_and_ends_with_a_logout() throws Exception {
        for (TokenKey key : new TokenKey[] {TokenKey.generateRsa(), TokenKey.generateEc()}) {
            TokenKeys keys = TokenKeys.of(key);
            Revocations revocations = Revocations.in(MemoryStore.builder().build());
            TokenSessions sessions = TokenSessions.create(c -> c.secret("a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9t0")
                    .store(MemoryStore.builder().build())
                    .revocations(revocations)
                    .access(AccessTokens.signed(keys).issuer(ISSUER).audience(AUDIENCE))
                    .claims(ROLE));
            try (JwksServer document = JwksServer.start(keys.jwks())) {
                TokenVerifier shop = TrustedIssuer.of(ISSUER)
                        .jwks(document.address())
                        .tls(JwksServer.TLS)
                        .timeout(Duration.ofSeconds(5))
                        .algorithms(RS256, ES256)
                        .type("at+jwt")
                        .audience(AUDIENCE);
                HttpServer here = serve(sessions, exchange -> respond(exchange, handle(sessions, exchange)));
                HttpServer elsewhere = serve(
                        TokenViews.create(c -> c.trust(shop).revocations(revocations)),
                        exchange -> respond(
                                exchange,
                                Sojourn.view(exchange).subject() + " "
                                        + Sojourn.view(exchange).get(ROLE)));
                try {
                    String answer = get(here, "/login", null).body();
                    String token = JsonMapper.shared()
                            .readTree(answer)
                            .get("access_token")
                            .asString();

                    assertThat(get(here, "/views", token).body()).isEqualTo("alice 1");
                    assertThat(get(here, "/views", token).body()).isEqualTo("alice 2");
                    assertThat(get(elsewhere, "/", token).body()).isEqualTo("alice admin");

                    assertThat(get(here, "/logout", token).statusCode()).isEqualTo(200);
                    assertThat(get(here, "/views", token).statusCode()).isEqualTo(401);
                    assertThat(get(elsewhere, "/", token).statusCode()).isEqualTo(401);
                } finally {
                    here.stop(0);
                    elsewhere.stop(0);
                }
            }
        }
    }

    private static String handle(TokenSessions sessions, HttpExchange exchange) {
        Session session = Sojourn.session(exchange);
        switch (exchange.getRequestURI().getPath()) {
            case "/login" -> {
                session.set(ROLE, "admin");
                session.login("alice");
                return sessions.issue(session).toJson();
            }
            case "/logout" -> {
                session.destroy();
                return "bye";
            }
            default -> {
                return session.subject() + " " + session.update(VIEWS, views -> views == null ? 1 : views + 1);
            }
        }
    }

    private static HttpServer serve(SessionSource source, HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler).getFilters().add(new SojournFilter(source));
        server.start();
        return server;
    }

    private static void respond(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private HttpResponse<String> get(HttpServer server, String path, @Nullable String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://localhost:" + server.getAddress().getPort() + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
