package dev.sojourn.jwt;

import static dev.sojourn.jwt.Texts.OTHER;
import static dev.sojourn.jwt.Texts.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.IssuedTokens;
import dev.sojourn.MemoryStore;
import dev.sojourn.Requests;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSession;
import dev.sojourn.SealedSessions;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.Sessions;
import dev.sojourn.SourceByRequest;
import dev.sojourn.TokenRefusedException;
import dev.sojourn.TokenSessions;
import dev.sojourn.TokenViews;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.TokenVerifier;
import dev.sojourn.testing.TestExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/stateless.md that its two example programs do not have. */
class StatelessGuideTest {
    private static final Path PAGE = Path.of("../docs/guide/stateless.md");
    private static final Path EXAMPLE = Path.of("../examples/api-javalin/src/main/resources/public/api.js");

    /** Stands in for the environment, so that the quoted lines run as they are. */
    @SuppressWarnings("JavaLangClash") // on purpose
    private static final class System {
        private static final Map<String, String> ENVIRONMENT = Map.of(
                "SIGNING_KEY", read("rsa.pem"),
                "NEXT_SIGNING_KEY", read("ec.pem"));

        static String getenv(String name) {
            return Objects.requireNonNull(ENVIRONMENT.get(name));
        }
    }

    private static String read(String key) {
        try {
            return Files.readString(Path.of("src/test/resources/dev/sojourn/jwt", key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final String secret = SECRET;
    private final SessionStore store = new MemoryStore();
    private final SessionStore revoked = new MemoryStore();
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;

    StatelessGuideTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void a_sealed_session_is_in_its_cookie_and_ends_for_copies_too() {
        SealedSessions sessions = SealedSessions.create(
                c -> c.seal(Jwe.secret(secret).application("shop")).revocations(Revocations.in(revoked)));
        String cookie = new TestExchange("/")
                .serveSealed(sessions, session -> {
                    session.login("alice");
                    session.set("theme", "dark"); // in the cookie of the response
                })
                .token();
        new TestExchange("/", "Cookie: __Host-id=" + cookie)
                .serveSealed(
                        sessions,
                        session ->
                                assertThat(session.get("theme", String.class)).isEqualTo("dark"));
        new TestExchange("/", "Cookie: __Host-id=" + cookie).serveSealed(sessions, SealedSession::destroy);
        new TestExchange("/", "Cookie: __Host-id=" + cookie)
                .serveSealed(sessions, session -> assertThat(session.subject()).isNull());
    }

    @Test
    void one_application_serves_cookies_and_tokens_over_one_store() throws Exception {
        AccessTokenFormat format = AccessTokens.sealed(Jwe.secret(secret).application("shop"));
        Sessions pages = Sessions.create(c -> c.secret(secret).store(store));
        TokenSessions api = TokenSessions.create(
                c -> c.secret(secret).store(store).access(format).revocations(Revocations.in(revoked)));
        server.createContext("/", exchange -> handle(api, exchange))
                .getFilters()
                .add(new SojournFilter(SourceByRequest.of(pages).when(Requests.below("/api"), api)));

        String cookie = send("/login").headers().firstValue("Set-Cookie").orElseThrow();
        HttpResponse<String> issued = send("/api/login");
        assertThat(issued.headers().firstValue("Set-Cookie")).isEmpty();
        String token = issued.body();
        String pair = cookie.substring(0, cookie.indexOf(';'));

        assertThat(send("/me", "Cookie", pair).body()).isEqualTo("alice");
        assertThat(send("/api/me", "Authorization", "Bearer " + token).body()).isEqualTo("alice");
        assertThat(send("/api/me", "Cookie", pair).statusCode()).isEqualTo(401);
        assertThat(api.of("alice").list()).hasSize(2);
        api.of("alice").endAll();
        assertThat(send("/me", "Cookie", pair).statusCode()).isEqualTo(401);
        assertThat(send("/api/me", "Authorization", "Bearer " + token).statusCode())
                .isEqualTo(401);
    }

    private static void handle(TokenSessions api, HttpExchange exchange) throws IOException {
        String text;
        switch (exchange.getRequestURI().getPath()) {
            case "/login" -> {
                Sojourn.session(exchange).login("alice");
                text = "welcome";
            }
            case "/api/login" -> {
                Session session = Sojourn.session(exchange);
                session.login("alice");
                text = api.issue(session).accessToken();
            }
            default -> text = Sojourn.view(exchange).requireSubject();
        }
        respond(exchange, text);
    }

    private static void respond(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void a_client_that_was_offline_refreshes_with_the_token_that_it_has() throws Exception {
        TokenSessions tokens = TokenSessions.create(c -> c.secret(secret)
                .store(store)
                .access(AccessTokens.sealed(Jwe.secret(secret).application("shop")))
                .revocations(Revocations.in(revoked, r -> r.acceptWhileUnavailable(Duration.ofMinutes(10))))
                .lostAnswers(Duration.ofDays(7))
                .refreshCookie(k -> k.name("__Host-shop-refresh")));
        server.createContext("/", exchange -> {
                    Session session = Sojourn.session(exchange);
                    session.login("alice");
                    IssuedTokens issued = tokens.issue(session);
                    respond(exchange, Objects.requireNonNull(issued.refreshToken()));
                })
                .getFilters()
                .add(new SojournFilter(tokens));
        String refresh = send("/").body();

        assertThat(tokens.refresh(refresh).refreshToken()).isEqualTo(refresh);
        assertThatThrownBy(() -> tokens.refresh(null)).isInstanceOf(TokenRefusedException.class);
        tokens.revoke(null);
        tokens.revoke(refresh);
        assertThatThrownBy(() -> tokens.refresh(refresh)).isInstanceOf(TokenRefusedException.class);
    }

    private static void orders(HttpExchange exchange) throws IOException {
        SessionView view = Sojourn.view(exchange);
        String user = view.requireSubject(); // 401 without a token
        respond(exchange, "orders of " + user + ", " + view.get("role", String.class));
    }

    @Test
    void another_service_checks_signed_tokens() throws Exception {
        TokenKeys keys = TokenKeys.of(TokenKey.fromPem(System.getenv("SIGNING_KEY")));
        AccessTokenFormat signed = AccessTokens.signed(keys)
                .issuer("https://shop.example.com")
                .audience("https://shop.example.com", "https://orders.example.com");
        TokenVerifier shop = TrustedIssuer.of("https://shop.example.com")
                .jwks("https://shop.example.com/.well-known/jwks.json")
                .algorithms(SignatureAlgorithm.RS256)
                .type("at+jwt")
                .audience("https://orders.example.com");
        TokenViews views = TokenViews.create(c -> c.trust(shop).revocations(Revocations.in(revoked)));
        server.createContext("/", exchange -> orders(exchange)).getFilters().add(new SojournFilter(views));

        assertThat(send("/").statusCode()).isEqualTo(401);
        assertThat(signed).isNotNull();

        server.createContext("/.well-known/jwks.json", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", Jwks.TYPE);
            exchange.getResponseHeaders().set("Cache-Control", Jwks.CACHE_CONTROL);
            respond(exchange, keys.jwks());
        });
        assertThat(send("/.well-known/jwks.json").body()).contains("\"kty\":\"RSA\"");
    }

    @Test
    void a_call_carries_the_users_token() throws Exception {
        AccessTokenFormat format = AccessTokens.sealed(Jwe.secret(secret).application("shop"));
        TokenSessions api = TokenSessions.create(
                c -> c.secret(secret).store(store).access(format).revocations(Revocations.in(revoked)));
        server.createContext("/", exchange -> handle(api, exchange))
                .getFilters()
                .add(new SojournFilter(api));
        String token = send("/api/login").body();
        URI address = URI.create("http://localhost:" + server.getAddress().getPort() + "/me");

        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(2))
                .build();

        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("alice");
    }

    @Test
    void a_next_key_is_published_a_day_before_it_signs() {
        TokenKeys keys = TokenKeys.of(TokenKey.fromPem(System.getenv("SIGNING_KEY")))
                .next(
                        TokenKey.fromPem(System.getenv("NEXT_SIGNING_KEY")),
                        Instant.parse("2027-03-01T00:00:00Z"), // in the document from then on
                        Instant.parse("2027-03-03T00:00:00Z")); // signs from then on

        assertThat(keys.jwks(Instant.parse("2027-02-28T23:59:59Z")).split("\"kty\"", -1))
                .hasSize(2);
        assertThat(keys.jwks(Instant.parse("2027-03-01T00:00:00Z")).split("\"kty\"", -1))
                .hasSize(3);
        assertThat(keys.jwks(Instant.parse("2027-03-03T02:01:00Z")).split("\"kty\"", -1))
                .hasSize(2);
    }

    @Test
    void each_step_of_a_rotation_accepts_the_refresh_tokens_of_the_step_before_and_after() throws Exception {
        List<List<String>> steps =
                List.of(List.of(SECRET), List.of(SECRET, OTHER), List.of(OTHER, SECRET), List.of(OTHER));
        for (int step = 1; step < steps.size(); step++) {
            TokenSessions before = with(steps.get(step - 1));
            TokenSessions after = with(steps.get(step));

            assertThat(before.refresh(refreshTokenOf(after)).refreshToken()).isNotNull();
            assertThat(after.refresh(refreshTokenOf(before)).refreshToken()).isNotNull();
        }
    }

    /** The last step is taken when nothing of the former secret is left, so its tokens are those of the new one. */
    private TokenSessions with(List<String> secrets) {
        String[] older = secrets.subList(1, secrets.size()).toArray(String[]::new);
        return TokenSessions.create(c -> c.secret(secrets.get(0), older)
                .store(store)
                .access(AccessTokens.sealed(Jwe.secret(secrets.get(0), older).application("shop")))
                .revocations(Revocations.in(revoked)));
    }

    private String refreshTokenOf(TokenSessions tokens) throws IOException, InterruptedException {
        String path = "/" + java.lang.System.identityHashCode(tokens) + "/" + java.lang.System.nanoTime();
        server.createContext(path, exchange -> {
                    Session session = Sojourn.session(exchange);
                    session.login("alice");
                    respond(
                            exchange,
                            Objects.requireNonNull(tokens.issue(session).refreshToken()));
                })
                .getFilters()
                .add(new SojournFilter(tokens));
        return send(path).body();
    }

    @Test
    void the_page_shows_the_script_of_the_example() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("```js\n") + "```js\n".length();

        assertThat(page.substring(begin, page.indexOf("```", begin))).isEqualTo(Files.readString(EXAMPLE));
    }

    private HttpResponse<String> send(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + server.getAddress().getPort() + path))
                .POST(BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
