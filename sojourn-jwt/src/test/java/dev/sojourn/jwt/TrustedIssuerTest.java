package dev.sojourn.jwt;

import static dev.sojourn.jwt.SignatureAlgorithm.ES256;
import static dev.sojourn.jwt.SignatureAlgorithm.RS256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.spi.AccessToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a token of another issuer must be; its keys come from a real server with TLS. */
class TrustedIssuerTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String ISSUER = "https://id.example.com/realms/shop";
    private static final String AUDIENCE = "https://orders.example.com";
    private static final Forge RSA = Forge.rsa("rsa-1");
    private static final Forge EC = Forge.ec("ec-1");

    private static JwksServer server;

    @BeforeAll
    static void startTheIssuer() throws IOException {
        server = JwksServer.start(Forge.jwks(RSA.jwk(), EC.jwk()));
    }

    @AfterAll
    static void stopTheIssuer() {
        server.close();
    }

    /** Keycloak 26: typ JWT, roles nested, aud as a list, sid, acr, integers everywhere. */
    @Test
    void a_token_of_keycloak_counts_and_its_nested_roles_are_readable() {
        AccessToken read = issuer().verify(RSA.token("JWT", """
                                {"exp":1800000300,"iat":1800000000,"auth_time":1799999900,"jti":"onrtac:f3d6c2c2",\
                                "iss":"https://id.example.com/realms/shop","aud":["https://orders.example.com","account"],\
                                "sub":"1e7f0ea4-7b3c-4c5b-9d0a-6c1a5b8c1f11","typ":"Bearer","azp":"shop-web",\
                                "sid":"c0a80101-7f3e-4d6b-8b0a-1f2e3d4c5b6a","acr":"1","allowed-origins":["https://shop.example.com"],\
                                "realm_access":{"roles":["offline_access","buyer"]},\
                                "resource_access":{"account":{"roles":["view-profile"]}},\
                                "scope":"openid email profile","email_verified":true,"preferred_username":"alice"}"""), NOW).orElseThrow();

        assertThat(read.subject()).isEqualTo("1e7f0ea4-7b3c-4c5b-9d0a-6c1a5b8c1f11");
        assertThat(read.sessionId()).isEqualTo("c0a80101-7f3e-4d6b-8b0a-1f2e3d4c5b6a");
        assertThat(read.sessionCreatedAt()).isEqualTo(Instant.ofEpochSecond(1_799_999_900));
        assertThat(read.tokenId()).isEqualTo("onrtac:f3d6c2c2");
        assertThat(read.sessionKey()).isNull();
        assertThat(read.issuer()).isEqualTo(ISSUER);
        assertThat(claim(read, "realm_access")).isEqualTo("{\"roles\":[\"offline_access\",\"buyer\"]}");
        assertThat(claim(read, "aud")).isEqualTo("[\"https://orders.example.com\",\"account\"]");
        assertThat(claim(read, "scope")).isEqualTo("\"openid email profile\"");
        assertThat(read.claims().names())
                .containsExactly(
                        "aud",
                        "typ",
                        "azp",
                        "acr",
                        "allowed-origins",
                        "realm_access",
                        "resource_access",
                        "scope",
                        "email_verified",
                        "preferred_username");
    }

    /** Auth0: typ at+jwt or JWT, a custom claim named by an address, permissions as a list, a day of lifetime. */
    @Test
    void a_token_of_auth0_counts_if_its_lifetime_is_allowed() {
        String payload = """
                {"https://shop.example.com/tier":"gold","iss":"https://shop.eu.auth0.com/","sub":"auth0|65f1c0ffee",\
                "aud":["https://orders.example.com","https://shop.eu.auth0.com/userinfo"],"iat":1800000000,"exp":1800086400,\
                "scope":"openid orders:read","azp":"kQ3hB9","permissions":["orders:read"]}""";
        TrustedIssuer.Builder auth0 = TrustedIssuer.of("https://shop.eu.auth0.com/")
                .jwks(server.address())
                .tls(JwksServer.TLS)
                .algorithms(RS256);

        assertThat(auth0.audience(AUDIENCE).verify(RSA.token("at+jwt", payload), NOW))
                .as("longer than an hour")
                .isEmpty();
        AccessToken read = auth0.maxLifetime(Duration.ofHours(24))
                .audience(AUDIENCE)
                .verify(RSA.token("at+jwt", payload), NOW)
                .orElseThrow();
        assertThat(read.subject()).isEqualTo("auth0|65f1c0ffee");
        assertThat(read.tokenId()).isNull();
        assertThat(read.sessionId()).isNull();
        assertThat(claim(read, "permissions")).isEqualTo("[\"orders:read\"]");
        assertThat(claim(read, "https://shop.example.com/tier")).isEqualTo("\"gold\"");
    }

    /** Spring Authorization Server: no typ, aud as a text, nbf, scope as a list. */
    @Test
    void a_token_of_spring_authorization_server_counts() {
        String header = "{\"kid\":\"rsa-1\",\"alg\":\"RS256\"}";
        AccessToken read =
                issuer().verify(RSA.token(header, """
                                {"sub":"alice","aud":"https://orders.example.com","nbf":1800000000,\
                                "scope":["orders.read","orders.write"],"iss":"https://id.example.com/realms/shop",\
                                "exp":1800000300,"iat":1800000000,"jti":"6a3b"}""", "SHA256withRSA"), NOW).orElseThrow();

        assertThat(claim(read, "aud")).isEqualTo("\"https://orders.example.com\"");
        assertThat(claim(read, "scope")).isEqualTo("[\"orders.read\",\"orders.write\"]");
        assertThat(read.claims().names()).containsExactly("aud", "scope");
    }

    /** Entra ID and Okta name scopes in scp, one as a text and one as a list; Entra's header has x5t. */
    @Test
    void scopes_named_scp_are_readable_as_text_or_list() {
        String payload = "{\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE
                + "\",\"iat\":1800000000,\"exp\":1800000300,\"scp\":%s}";
        String header = "{\"typ\":\"JWT\",\"alg\":\"ES256\",\"x5t\":\"L1KfKFI_jnXbwWc22xZxw1sUHH0\",\"kid\":\"ec-1\"}";

        AccessToken text = issuer().verify(
                        EC.token(header, payload.formatted("\"orders.read user\""), "SHA256withECDSAinP1363Format"),
                        NOW)
                .orElseThrow();
        AccessToken list = issuer().verify(EC.token("JWT", payload.formatted("[\"orders.read\"]")), NOW)
                .orElseThrow();

        assertThat(claim(text, "scp")).isEqualTo("\"orders.read user\"");
        assertThat(text.subject()).isNull();
        assertThat(claim(list, "scp")).isEqualTo("[\"orders.read\"]");
    }

    @Test
    void the_clock_of_the_issuer_may_differ_by_thirty_seconds() {
        TrustedIssuer issuer = issuer();
        String token = RSA.token(payload("1800000000", "1800000300"));

        assertThat(issuer.verify(token, NOW.plusSeconds(329))).isPresent();
        assertThat(issuer.verify(token, NOW.plusSeconds(330))).isEmpty();
        assertThat(issuer.verify(token, NOW.minusSeconds(30))).isPresent();
        assertThat(issuer.verify(token, NOW.minusSeconds(31))).isEmpty();
        TrustedIssuer exact = builder().clockSkew(Duration.ZERO).audience(AUDIENCE);
        assertThat(exact.verify(token, NOW)).isPresent();
        assertThat(exact.verify(token, NOW.plusSeconds(300))).isEmpty();
        assertThat(exact.verify(token, NOW.minusSeconds(1))).isEmpty();
    }

    @Test
    void a_token_that_is_not_for_this_service_or_not_of_this_issuer_fetches_no_keys() throws IOException {
        try (JwksServer own = JwksServer.start(Forge.jwks(RSA.jwk()))) {
            TrustedIssuer issuer = builder().jwks(own.address()).audience(AUDIENCE);
            String good = payload("1800000000", "1800000300");
            for (String other : List.of(
                    good.replace(ISSUER, ISSUER + "/"),
                    good.replace("\"iss\"", "\"other\""),
                    good.replace(AUDIENCE, "https://other.example.com"),
                    good.replace("\"aud\"", "\"other\""),
                    good.replace("1800000300", "1799999000"),
                    good.replace("1800000300", "1900000000"),
                    good.replace("\"exp\"", "\"other\""),
                    good.replace("\"iat\"", "\"other\""),
                    good.replace("1800000000", "1800000000.0"),
                    good.replace("{", "{\"cnf\":{\"x5t#S256\":\"x\"},"),
                    good.replace("{", "{\"nbf\":1800000031,"),
                    good.replace("{", "{\"sub\":17,"),
                    good.replace("{", "{\"iss\":\"x\","),
                    good.replace("{", "{\"sid\":17,"),
                    "[]",
                    "")) {
                assertThat(issuer.verify(RSA.token(other), NOW)).as(other).isEmpty();
            }
            assertThat(own.requests()).isZero();
            assertThat(issuer.verify(RSA.token(good), NOW)).isPresent();
            assertThat(own.requests()).isOne();
        }
    }

    @Test
    void a_token_cannot_choose_how_it_is_checked() throws Exception {
        String payload = payload("1800000000", "1800000300");
        TrustedIssuer onlyRsa = TrustedIssuer.of(ISSUER)
                .jwks(server.address())
                .tls(JwksServer.TLS)
                .algorithms(RS256)
                .audience(AUDIENCE);
        assertThat(onlyRsa.verify(RSA.token(payload), NOW)).isPresent();
        assertThat(onlyRsa.verify(EC.token(payload), NOW))
                .as("an algorithm that is not allowed")
                .isEmpty();
        assertThat(issuer().verify(EC.token(payload), NOW)).isPresent();

        for (String header : List.of(
                "{\"alg\":\"none\",\"kid\":\"rsa-1\"}",
                "{\"alg\":\"HS256\",\"kid\":\"rsa-1\"}",
                "{\"alg\":\"ES256\",\"kid\":\"rsa-1\"}",
                "{\"alg\":\"RS384\",\"kid\":\"rsa-1\"}",
                "{\"alg\":\"rs256\",\"kid\":\"rsa-1\"}",
                "{\"alg\":\"RS256\"}",
                "{\"alg\":\"RS256\",\"kid\":17}",
                "{\"alg\":\"RS256\",\"kid\":\"\"}",
                "{\"alg\":\"RS256\",\"kid\":\"ec-1\"}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"kid\":\"rsa-1\"}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"jwk\":" + RSA.jwk() + "}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"jku\":\"https://evil.example.com\"}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"x5c\":[\"AAAA\"]}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"x5u\":\"https://evil.example.com\"}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[]}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"b64\":false}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"cty\":\"JWT\"}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"typ\":\"dpop+jwt\"}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"typ\":\"logout+jwt\"}")) {
            assertThat(issuer().verify(RSA.token(header, payload, "SHA256withRSA"), NOW))
                    .as(header)
                    .isEmpty();
        }
        assertThat(issuer().verify(Forge.rsa("rsa-1").token(payload), NOW))
                .as("another key")
                .isEmpty();
    }

    @Test
    void revocations_are_kept_for_as_long_as_a_token_can_count() {
        assertThat(issuer().maxLifetime()).isEqualTo(Duration.ofMinutes(61));
        assertThat(builder()
                        .maxLifetime(Duration.ofMinutes(5))
                        .clockSkew(Duration.ZERO)
                        .audience(AUDIENCE)
                        .maxLifetime())
                .isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void a_type_can_be_required() {
        String payload = payload("1800000000", "1800000300");
        TrustedIssuer strict = builder().type("application/at+JWT").audience(AUDIENCE);

        assertThat(strict.verify(RSA.token("at+jwt", payload), NOW)).isPresent();
        assertThat(strict.verify(RSA.token("application/AT+jwt", payload), NOW)).isPresent();
        assertThat(strict.verify(RSA.token("JWT", payload), NOW)).isEmpty();
        assertThat(strict.verify(RSA.token("{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}", payload, "SHA256withRSA"), NOW))
                .isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // what an unset environment variable gives
    void what_is_missing_or_out_of_bounds_is_refused_at_start_up() {
        assertRefused(() -> TrustedIssuer.of(null), "issuer is missing");
        assertRefused(() -> TrustedIssuer.of(" "), "issuer is missing");
        assertRefused(() -> TrustedIssuer.of(ISSUER).jwks(null), "jwks is missing");
        assertRefused(() -> TrustedIssuer.of(ISSUER).jwks("http://id.example.com/jwks"), "https only");
        assertRefused(() -> TrustedIssuer.of(ISSUER).jwks("http://localhost/jwks"), "jwksOverLocalHttp");
        assertRefused(() -> TrustedIssuer.of(ISSUER).jwks("file:///etc/passwd"), "address with a host");
        assertRefused(() -> TrustedIssuer.of(ISSUER).jwks("https://user:secret@id.example.com/"), "without user");
        assertRefused(() -> TrustedIssuer.of(ISSUER).jwks("https://id.example.com/ x"), "address");
        assertRefused(() -> TrustedIssuer.of(ISSUER).jwksOverLocalHttp("http://id.example.com/"), "http://localhost");
        assertRefused(
                () -> TrustedIssuer.of(ISSUER).jwksOverLocalHttp("http://localhost.evil.example/"), "http://localhost");
        assertRefused(() -> TrustedIssuer.of(ISSUER).jwksOverLocalHttp("https://localhost/"), "http://localhost");
        assertRefused(() -> TrustedIssuer.of(ISSUER).algorithms(RS256).audience(AUDIENCE), "jwks is missing");
        assertRefused(
                () -> TrustedIssuer.of(ISSUER).jwks(server.address()).audience(AUDIENCE), "algorithms are missing");
        assertRefused(() -> builder().audience(null), "audience is missing");
        assertRefused(() -> builder().audience(""), "audience is missing");
        assertRefused(() -> builder().audience(AUDIENCE, ""), "audience is missing");
        assertRefused(() -> builder().clockSkew(Duration.ofSeconds(61)), "clockSkew");
        assertRefused(() -> builder().clockSkew(Duration.ofSeconds(-1)), "clockSkew");
        assertRefused(() -> builder().maxLifetime(Duration.ZERO), "maxLifetime");
        assertRefused(() -> builder().maxLifetime(Duration.ofHours(25)), "maxLifetime");
        assertRefused(() -> builder().timeout(Duration.ofMillis(49)), "timeout");
        assertRefused(() -> builder().timeout(Duration.ofSeconds(6)), "timeout");
        assertRefused(() -> builder().type(""), "type is missing");
        assertThat(issuer()).hasToString("TrustedIssuer[" + ISSUER + "]");
        assertThat(builder()).hasToString("TrustedIssuer.Builder[" + ISSUER + "]");
    }

    @Test
    void the_tokens_that_this_project_signs_count_elsewhere_through_their_document() throws IOException {
        TokenKeys keys = TokenKeys.of(TokenKey.fromPem(TokenKeysTest.pem(EC.keys())));
        try (JwksServer own = JwksServer.start(keys.jwks(NOW))) {
            String token = AccessTokens.signed(keys)
                    .issuer(ISSUER)
                    .audience(AUDIENCE)
                    .issue(new AccessToken(
                            null,
                            "alice",
                            null,
                            "A".repeat(22),
                            dev.sojourn.spi.StoreKey.of("B".repeat(43)),
                            NOW,
                            NOW,
                            NOW.plusSeconds(300),
                            dev.sojourn.spi.JsonMembers.EMPTY.with(
                                    "role", "\"admin\"".getBytes(StandardCharsets.UTF_8))));

            AccessToken read = TrustedIssuer.of(ISSUER)
                    .jwks(own.address())
                    .tls(JwksServer.TLS)
                    .algorithms(ES256)
                    .type("at+jwt")
                    .audience(AUDIENCE)
                    .verify(token, NOW)
                    .orElseThrow();

            assertThat(read.subject()).isEqualTo("alice");
            assertThat(read.sessionId()).isEqualTo("A".repeat(22));
            assertThat(read.sessionKey()).as("a foreign token opens no session").isNull();
            assertThat(claim(read, "role")).isEqualTo("\"admin\"");
        }
    }

    private static TrustedIssuer issuer() {
        return builder().audience(AUDIENCE);
    }

    private static TrustedIssuer.Builder builder() {
        return TrustedIssuer.of(ISSUER)
                .jwks(server.address())
                .tls(JwksServer.TLS)
                .algorithms(RS256, ES256);
    }

    private static String payload(String issuedAt, String expiresAt) {
        return "{\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE + "\",\"iat\":" + issuedAt + ",\"exp\":" + expiresAt
                + "}";
    }

    private static String claim(AccessToken token, String name) {
        return Forge.claim(token.claims(), name);
    }

    private static void assertRefused(ThrowingCallable create, String why) {
        assertThatThrownBy(create).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }
}
