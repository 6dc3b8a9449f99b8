package dev.sojourn.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.SignIn;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.testing.SettableClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider that posts logout tokens to one node of an application that has two, over real HTTP. */
class BackChannelLogoutTest {
    private static final String ISSUER = "https://id.example.com";
    private static final Forge KEY = Forge.rsa("key-1");
    private static final Forge OTHER_KEY = Forge.rsa("key-1");
    private static final String EVENT = "{\"http://schemas.openid.net/event/backchannel-logout\":{}}";

    private final SettableClock clock = new SettableClock();
    private final MemoryStore store = new MemoryStore();
    private final Sessions one = node();
    private final Sessions two = node();
    private final HttpClient client = HttpClient.newHttpClient();

    private JwksServer keys;
    private HttpServer server;

    private Sessions node() {
        return Sessions.create(c -> c.secret("qV9xT2mK7wZ4rB8nL1cY6hJ3pD5sF0gA")
                .clock(clock)
                .store(store)
                .rememberMe());
    }

    @BeforeEach
    void start() throws Exception {
        keys = JwksServer.start(Forge.jwks(KEY.jwk()));
        BackChannelLogout logout = BackChannelLogout.of(
                        TrustedIssuer.of(ISSUER)
                                .jwks(keys.address())
                                .tls(JwksServer.TLS)
                                .timeout(Duration.ofSeconds(5))
                                .algorithms(SignatureAlgorithm.RS256)
                                .type("logout+jwt")
                                .audience("shop"),
                        one::of)
                .users(sub -> sub.equals("nobody") ? null : "user-" + sub)
                .clock(clock);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/logout/provider", exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                    String token = Arrays.stream(body.split("&", -1))
                            .filter(field -> field.startsWith("logout_token="))
                            .map(field -> field.substring("logout_token=".length()))
                            .findFirst()
                            .orElse(null);
                    Sojourn.send(exchange, logout.respond(token));
                })
                .getFilters()
                .add(new SojournFilter(one));
        page("/login", two);
        page("/who", two);
        server.start();
    }

    private void page(String path, Sessions node) {
        server.createContext(path, exchange -> {
                    if (path.equals("/login")) {
                        String[] query = exchange.getRequestURI().getQuery().split(",", -1);
                        login(Sojourn.session(exchange), query[0], ISSUER, query[1]);
                    }
                    byte[] user =
                            String.valueOf(Sojourn.session(exchange).subject()).getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, user.length);
                    exchange.getResponseBody().write(user);
                    exchange.close();
                })
                .getFilters()
                .add(new SojournFilter(node));
    }

    private static void login(Session session, String user, String issuer, String sid) {
        session.login(user, SignIn.by("fed").provider(issuer, sid));
        session.remember();
    }

    private static BackChannelLogout asInTheGuide(Sessions sessions) {
        BackChannelLogout logout = BackChannelLogout.of(
                TrustedIssuer.of("https://id.example.com/realms/shop")
                        .jwks("https://id.example.com/realms/shop/protocol/openid-connect/certs")
                        .algorithms(SignatureAlgorithm.RS256)
                        .type("logout+jwt")
                        .audience("shop"),
                sessions::of);
        return logout;
    }

    @AfterEach
    void stop() {
        server.stop(0);
        keys.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
        return client.send(
                request.uri(URI.create("http://localhost:" + server.getAddress().getPort() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Signs in on the second node, and returns all cookies of the browser. */
    private String login(String user, String providerSession) throws Exception {
        return send(HttpRequest.newBuilder(), "/login?" + user + "," + providerSession)
                .headers()
                .allValues("Set-Cookie")
                .stream()
                .map(line -> line.substring(0, line.indexOf(';')))
                .collect(Collectors.joining("; "));
    }

    private String who(String cookies) throws Exception {
        return send(HttpRequest.newBuilder().header("Cookie", cookies), "/who").body();
    }

    private HttpResponse<String> post(String form) throws Exception {
        return send(
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)),
                "/logout/provider");
    }

    private HttpResponse<String> logout(String token) throws Exception {
        return post("logout_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
    }

    /** Returns the claims of a right token, in JSON, by name. */
    private Map<String, String> claims(String user, String providerSession) {
        Map<String, String> claims = new LinkedHashMap<>();
        long now = clock.instant().getEpochSecond();
        claims.put("iss", '"' + ISSUER + '"');
        claims.put("aud", "\"shop\"");
        claims.put("iat", String.valueOf(now));
        claims.put("exp", String.valueOf(now + 120));
        claims.put("jti", "\"logout-1\"");
        claims.put("sub", '"' + user + '"');
        claims.put("sid", '"' + providerSession + '"');
        claims.put("events", EVENT);
        return claims;
    }

    private static String json(Map<String, String> claims) {
        return claims.entrySet().stream()
                .map(claim -> '"' + claim.getKey() + "\":" + claim.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String token(Map<String, String> claims) {
        return KEY.token("logout+jwt", json(claims));
    }

    private static Map<String, String> with(Map<String, String> claims, String name, String json) {
        claims.put(name, json);
        return claims;
    }

    private static Map<String, String> without(Map<String, String> claims, String name) {
        claims.remove(name);
        return claims;
    }

    @Test
    void a_logout_token_ends_the_sessions_of_its_provider_session_on_every_node() throws Exception {
        String first = login("user-alice", "s1");
        String second = login("user-alice", "s2");
        String bob = login("user-bob", "s1");

        HttpResponse<String> response = logout(token(claims("alice", "s1")));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(who(first)).as("with its remembered browser").isEqualTo("null");
        assertThat(who(second)).isEqualTo("user-alice");
        assertThat(who(bob)).isEqualTo("user-bob");
    }

    @Test
    void a_token_without_a_provider_session_ends_all_that_its_user_began_through_the_provider() throws Exception {
        String first = login("user-alice", "s1");
        String second = login("user-alice", "s2");
        String bob = login("user-bob", "s1");

        assertThat(logout(token(without(claims("alice", ""), "sid"))).statusCode())
                .isEqualTo(200);

        assertThat(who(first)).isEqualTo("null");
        assertThat(who(second)).isEqualTo("null");
        assertThat(who(bob)).isEqualTo("user-bob");
    }

    @Test
    void a_repeated_token_ends_no_session_that_began_after_it() throws Exception {
        String token = token(claims("alice", "s1"));
        assertThat(logout(token).statusCode()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(90));
        String later = login("user-alice", "s1");

        assertThat(logout(token).statusCode()).isEqualTo(200);

        assertThat(who(later)).isEqualTo("user-alice");
    }

    private void assertRefused(String what, String form) throws Exception {
        HttpResponse<String> response = post(form);
        assertThat(response.statusCode()).as(what).isEqualTo(400);
        assertThat(response.body()).as(what).isEqualTo("{\"error\":\"invalid_request\"}\n");
        assertThat(response.headers().firstValue("Content-Type")).as(what).contains("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).as(what).contains("no-store");
    }

    private void assertTokenRefused(String what, String token) throws Exception {
        assertRefused(what, "logout_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
    }

    @Test
    void a_token_that_does_not_count_ends_nothing() throws Exception {
        String alice = login("user-alice", "s1");
        Map<String, String> right = claims("alice", "s1");

        assertTokenRefused("another key", OTHER_KEY.token("logout+jwt", json(right)));
        assertTokenRefused("another type", KEY.token("JWT", json(right)));
        assertTokenRefused("none", "eyJhbGciOiJub25lIiwidHlwIjoibG9nb3V0K2p3dCJ9." + Forge.part(token(right), 1) + ".");
        assertTokenRefused("another issuer", token(with(claims("alice", "s1"), "iss", "\"https://evil.example\"")));
        assertTokenRefused("another audience", token(with(claims("alice", "s1"), "aud", "\"other\"")));
        assertTokenRefused(
                "expired", token(with(with(claims("alice", "s1"), "iat", "1000000000"), "exp", "1000000120")));
        assertTokenRefused("nonce", token(with(claims("alice", "s1"), "nonce", "\"n\"")));
        for (String events : new String[] {
            "{}", "[]", "\"http://schemas.openid.net/event/backchannel-logout\"",
            "{\"http://schemas.openid.net/event/backchannel-logout\":true}", "{\"other\":{}}", "null"
        }) {
            assertTokenRefused("events " + events, token(with(claims("alice", "s1"), "events", events)));
        }
        for (String needed : new String[] {"iss", "aud", "iat", "exp", "jti", "sub", "events"}) {
            assertTokenRefused("without " + needed, token(without(claims("alice", "s1"), needed)));
        }
        assertRefused("no token", "");
        assertRefused("an empty one", "logout_token=");
        assertRefused("garbage", "logout_token=" + "x".repeat(1_000_000));
        assertThat(logout(token(claims("alice", "another"))).statusCode()).isEqualTo(200);
        assertThat(logout(token(claims("nobody", "s1"))).statusCode()).isEqualTo(200);

        assertThat(who(alice)).isEqualTo("user-alice");
    }

    @Test
    void a_request_without_a_token_is_refused_without_asking_the_provider() {
        assertThat(asInTheGuide(one).respond(null).status()).isEqualTo(400);
    }

    @Test
    void while_the_provider_has_no_keys_the_provider_is_asked_to_repeat_its_request() throws Exception {
        String alice = login("user-alice", "s1");
        keys.fail(500);

        assertThat(logout(token(claims("alice", "s1"))).statusCode()).isEqualTo(503);

        assertThat(who(alice)).isEqualTo("user-alice");
    }
}
