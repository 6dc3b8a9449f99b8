package dev.sojourn.jwt;

import static dev.sojourn.jwt.SignatureAlgorithm.RS256;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Key;
import dev.sojourn.SessionView;
import dev.sojourn.TokenViews;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenVerifier;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that reads signed tokens, of its own application and of another issuer, over real HTTP. */
class SignedTokensOverHttpTest {
    private static final String ISSUER = "https://id.example.com/realms/shop";
    private static final String OWN = "https://shop.example.com";
    private static final String AUDIENCE = "https://orders.example.com";
    private static final Forge FOREIGN = Forge.rsa("foreign");
    private static final Forge MINE = Forge.ec("");
    private static final TokenKey MY_KEY = TokenKey.fromPem(TokenKeysTest.pem(MINE.keys()));
    private static final String MY_HEADER = "{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"" + MY_KEY.id() + "\"}";
    private static final Key<Map<String, Object>> REALM_ACCESS = Key.mapOf("realm_access", String.class, Object.class);

    private final SettableClock clock = new SettableClock();
    private final SignedAccessTokens own =
            AccessTokens.signed(TokenKeys.of(MY_KEY)).issuer(OWN).audience(AUDIENCE);
    private final HttpClient client = HttpClient.newHttpClient();
    private JwksServer issuer;
    private HttpServer service;

    @BeforeEach
    void start() throws IOException {
        clock.set(Instant.ofEpochSecond(1_800_000_000));
        issuer = JwksServer.start(Forge.jwks(FOREIGN.jwk()));
        TokenVerifier foreign = TrustedIssuer.of(ISSUER)
                .jwks(issuer.address())
                .tls(JwksServer.TLS)
                .timeout(Duration.ofSeconds(5))
                .algorithms(RS256)
                .audience(AUDIENCE);
        TokenViews views = TokenViews.create(c -> c.trust(own, foreign).clock(clock));
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
                    byte[] text = describe(Sojourn.view(exchange)).getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, text.length);
                    exchange.getResponseBody().write(text);
                    exchange.close();
                })
                .getFilters()
                .add(new SojournFilter(views));
        service.start();
    }

    @AfterEach
    void stop() {
        service.stop(0);
        issuer.close();
    }

    private static String describe(SessionView view) {
        return view.subject() + " " + view.get("role", String.class) + " " + view.get("scope", Object.class) + " "
                + view.get("scp", Object.class) + " " + view.get(REALM_ACCESS) + " " + view.get("aud", Object.class);
    }

    @Test
    void own_tokens_and_those_of_the_issuer_are_read_through_the_view() throws Exception {
        assertThat(get(ownToken()).body()).isEqualTo("alice admin null null null null");
        assertThat(get(FOREIGN.token("JWT", foreign("\"scope\":\"a b\",\"realm_access\":{\"roles\":[\"buyer\"]}")))
                        .body())
                .isEqualTo("bob null a b null {roles=[buyer]} [https://orders.example.com, account]");
        assertThat(get(FOREIGN.token("JWT", foreign("\"scp\":[\"a\",\"b\"]"))).body())
                .isEqualTo("bob null null [a, b] null [https://orders.example.com, account]");
        assertThat(issuer.requests()).isOne();
    }

    /** The rows of the table of attacks that concern format, keys and claims: all 401, none a 5xx, none with a reason. */
    @Test
    void a_token_that_does_not_count_is_a_401_that_explains_nothing() throws Exception {
        String mine = ownClaims();
        String good = MINE.token(MY_HEADER, mine, "SHA256withECDSAinP1363Format");
        assertThat(get(good).statusCode()).isEqualTo(200);
        List<String> attacks = new ArrayList<>();
        for (String header : List.of(
                MY_HEADER.replace("ES256", "none"),
                MY_HEADER.replace("ES256", "noNE"),
                MY_HEADER.replace("ES256", "HS256"),
                MY_HEADER.replace("ES256", "RS256"),
                MY_HEADER.replace("at+jwt", "JWT"),
                MY_HEADER.replace("\"typ\":\"at+jwt\",", ""),
                MY_HEADER.replace(MY_KEY.id(), "../.."),
                MY_HEADER.replace(MY_KEY.id(), "' OR 1=1 --"),
                MY_HEADER.replace("\"" + MY_KEY.id() + "\"", "17"),
                MY_HEADER.replace("{", "{\"alg\":\"ES256\","),
                MY_HEADER.replace("{", "{\"crit\":[],"),
                MY_HEADER.replace("{", "{\"b64\":false,\"crit\":[\"b64\"],"),
                MY_HEADER.replace("{", "{\"jwk\":" + MINE.jwk() + ","),
                MY_HEADER.replace("{", "{\"jku\":\"https://evil.example.com\","),
                MY_HEADER.replace("{", "{\"cty\":\"JWT\","))) {
            attacks.add(MINE.token(header, mine, "SHA256withECDSAinP1363Format"));
        }
        for (String claims : List.of(
                mine.replace("\"sub\":\"alice\"", "\"sub\":\"alice\",\"sub\":\"bob\""),
                mine.replace("\"sub\":\"alice\"", "\"sub\":17"),
                mine.replace("\"sub\":\"alice\"", "\"sub\":\"\\uD800\""),
                mine.replace("\"exp\":1800000300", "\"exp\":null"),
                mine.replace("\"exp\":1800000300", "\"exp\":\"1800000300\""),
                mine.replace("\"exp\":1800000300", "\"exp\":1e1000000000"),
                mine.replace("\"exp\":1800000300", "\"exp\":9223372036854775808"),
                mine.replace("\"exp\":1800000300", "\"exp\":2115360000"),
                mine.replace("\"exp\":1800000300", "\"exp\":1799999970"),
                mine.replace("\"iat\":1800000000", "\"iat\":1800003600"),
                mine.replace(AUDIENCE, "https://other.example.com"),
                mine.replace(OWN, "https://other.example.com"),
                mine.replace("{", "{\"cnf\":{\"jkt\":\"x\"},"),
                mine.replace("{", "{\"deep\":" + "[".repeat(1_000) + "]".repeat(1_000) + ","),
                "\uFEFF" + mine,
                mine + "x")) {
            attacks.add(MINE.token(MY_HEADER, claims, "SHA256withECDSAinP1363Format"));
        }
        attacks.add(good.substring(0, good.lastIndexOf('.') + 1));
        attacks.add(good.substring(0, good.length() - 40));
        attacks.add(good + "=");
        attacks.add(Forge.ec("").token(MY_HEADER, mine, "SHA256withECDSAinP1363Format"));
        attacks.add(FOREIGN.token(foreign("\"a\":1").replace(ISSUER, OWN)));
        attacks.add(MINE.token(MY_HEADER, foreign("\"a\":1"), "SHA256withECDSAinP1363Format"));
        attacks.add("x");

        for (String attack : attacks) {
            HttpResponse<String> response = get(attack);
            assertThat(response.statusCode()).as(attack).isEqualTo(401);
            assertThat(response.headers().allValues("WWW-Authenticate"))
                    .as(attack)
                    .containsExactly("Bearer error=\"invalid_token\"");
            assertThat(response.body().strip()).isEqualTo("The token is not valid. Please sign in again.");
        }
        assertThat(issuer.requests()).as("none of them was worth a fetch").isZero();
    }

    @Test
    void an_issuer_that_does_not_respond_is_a_503_and_no_sign_out() throws Exception {
        issuer.fail(500);

        HttpResponse<String> response = get(FOREIGN.token("JWT", foreign("\"a\":1")));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(response.body()).doesNotContain("https://localhost");
        assertThat(get(ownToken()).statusCode()).as("own tokens need no issuer").isEqualTo(200);

        issuer.serve(Forge.jwks(FOREIGN.jwk()));
        clock.advance(Duration.ofSeconds(5));
        assertThat(get(FOREIGN.token("JWT", foreign("\"a\":1"))).statusCode()).isEqualTo(200);
    }

    @Test
    void a_flood_of_unknown_key_ids_is_401_and_one_fetch_in_thirty_seconds() throws Exception {
        for (int i = 0; i < 100; i++) {
            String header = "{\"alg\":\"RS256\",\"kid\":\"unknown" + i + "\"}";
            assertThat(get(FOREIGN.token(header, foreign("\"a\":1"), "SHA256withRSA"))
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(issuer.requests()).isOne();
    }

    private String ownToken() {
        Instant now = clock.instant();
        return own.issue(new AccessToken(
                null,
                "alice",
                null,
                "A".repeat(22),
                StoreKey.of("B".repeat(43)),
                now,
                now,
                now.plusSeconds(300),
                JsonMembers.EMPTY.with("role", "\"admin\"".getBytes(StandardCharsets.UTF_8))));
    }

    private static String ownClaims() {
        return "{\"iss\":\"" + OWN + "\",\"sub\":\"alice\",\"aud\":\"" + AUDIENCE
                + "\",\"client_id\":\"app\",\"iat\":1800000000,\"exp\":1800000300,\"jti\":\"t\",\"sid\":\""
                + "A".repeat(22) + "\",\"sojourn_key\":\"" + "B".repeat(43) + "\"}";
    }

    private static String foreign(String members) {
        return "{\"iss\":\"" + ISSUER + "\",\"aud\":[\"" + AUDIENCE
                + "\",\"account\"],\"sub\":\"bob\",\"iat\":1800000000,\"exp\":1800000300," + members + "}";
    }

    private HttpResponse<String> get(String token) throws IOException, InterruptedException {
        URI address = URI.create("http://localhost:" + service.getAddress().getPort() + "/");
        return client.send(
                HttpRequest.newBuilder(address)
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
