package dev.sojourn.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenKeysTest {
    private static final Instant NOW = Instant.parse("2027-01-10T12:00:00Z");
    private static final TokenKey FIRST = TokenKey.generateEc();
    private static final TokenKey SECOND = TokenKey.generateEc();
    private static final TokenKey THIRD = TokenKey.generateRsa();

    @Test
    void keys_that_openssl_generated_are_read() throws IOException {
        TokenKey rsa = TokenKey.fromPem(resource("rsa.pem"));
        TokenKey ec = TokenKey.fromPem(resource("ec.pem"));

        assertThat(rsa.algorithm()).isEqualTo(SignatureAlgorithm.RS256);
        assertThat(ec.algorithm()).isEqualTo(SignatureAlgorithm.ES256);
        assertThat(ec.toPublicJwk()).contains("\"crv\":\"P-256\"");
        assertThat(TokenKey.fromPem(resource("ec.pem").replace("\n", "\\n")).id())
                .as("line breaks as an environment variable keeps them")
                .isEqualTo(ec.id());
        assertThat(TokenKey.fromPem("key of the shop\r\n" + resource("rsa.pem").replace("\n", "\r\n"))
                        .id())
                .isEqualTo(rsa.id());
    }

    /** The point has one of two y coordinates; each occurs for half of the keys. */
    @Test
    void the_public_point_of_a_key_in_pem_is_computed() {
        for (int i = 0; i < 12; i++) {
            Forge forge = Forge.ec("x");

            String computed = TokenKey.fromPem(pem(forge.keys())).toPublicJwk();

            JsonNode expected = JsonMapper.shared().readTree(forge.jwk());
            JsonNode found = JsonMapper.shared().readTree(computed);
            assertThat(found.get("x")).isEqualTo(expected.get("x"));
            assertThat(found.get("y")).isEqualTo(expected.get("y"));
        }
    }

    @Test
    void a_key_survives_as_jwk_and_its_id_is_its_thumbprint() {
        for (TokenKey key : List.of(FIRST, THIRD)) {
            TokenKey again = TokenKey.fromJwk(key.toJwk());

            assertThat(again.id()).isEqualTo(key.id()).hasSize(43);
            assertThat(again.toPublicJwk()).isEqualTo(key.toPublicJwk());
            assertThat(TokenKey.fromJwk(key.toJwk().replace(key.id(), "chosen")).id())
                    .as("a kid of one's own is ignored")
                    .isEqualTo(key.id());
        }
    }

    /** The example of RFC 7638, section 3.1. */
    @Test
    void the_thumbprint_is_that_of_rfc_7638() throws Exception {
        String json = "{\"kty\":\"RSA\",\"n\":\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7"
                + "aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YG"
                + "jQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6"
                + "WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw\",\"e\":\"AQAB\"}";

        assertThat(com.nimbusds.jose.jwk.JWK.parse(json).computeThumbprint())
                .hasToString("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    @Test
    @SuppressWarnings("NullAway") // what an unset environment variable gives
    void unsuitable_keys_are_refused_at_start_up() throws IOException {
        assertRefused(() -> TokenKey.fromPem(null), "is the environment variable missing?");
        assertRefused(() -> TokenKey.fromPem(" "), "openssl genpkey");
        assertRefused(() -> TokenKey.fromPem("nonsense"), "but there are 0");
        assertRefused(() -> TokenKey.fromPem(resource("ec.pem") + resource("rsa.pem")), "but there are 2");
        assertRefused(
                () -> TokenKey.fromPem(resource("ec.pem").replace("PRIVATE KEY", "EC PRIVATE KEY")),
                "openssl pkcs8 -topk8 -nocrypt");
        assertRefused(
                () -> TokenKey.fromPem(resource("rsa.pem").replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")),
                "openssl pkcs8 -topk8 -nocrypt");
        assertRefused(
                () -> TokenKey.fromPem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
                "cannot be read");
        assertRefused(
                () -> TokenKey.fromPem(pem(Forge.rsa("x", 1024).keys())), "2,048 to 8,192 bits, but this one has 1024");
        assertRefused(() -> TokenKey.fromPem(pem(Forge.ec("x", "secp384r1").keys())), "nor a key on P-256");

        assertRefused(() -> TokenKey.fromJwk(null), "is the environment variable missing?");
        assertRefused(() -> TokenKey.fromJwk("{}"), "is none");
        assertRefused(() -> TokenKey.fromJwk(FIRST.toPublicJwk()), "only public members");
        assertRefused(() -> TokenKey.fromJwk("{\"kty\":\"oct\",\"k\":\"AAAA\"}"), "kty oct");
        assertRefused(() -> TokenKey.fromJwk(THIRD.toJwk().replace("RS256", "RS512")), "alg RS512");
        assertRefused(() -> TokenKey.fromJwk(FIRST.toJwk().replace("\"sig\"", "\"enc\"")), "use enc");
        String foreign = SECOND.toJwk();
        String part = JsonMapper.shared().readTree(foreign).get("d").asString();
        String own = JsonMapper.shared().readTree(FIRST.toJwk()).get("d").asString();
        assertRefused(() -> TokenKey.fromJwk(FIRST.toJwk().replace(own, part)), "does not belong");
    }

    @Test
    void the_document_shows_public_members_only() {
        TokenKeys keys = TokenKeys.of(FIRST).next(THIRD, NOW, NOW.plus(Duration.ofDays(2)));

        JsonNode document = JsonMapper.shared().readTree(keys.jwks(NOW));

        assertThat(document.propertyNames()).containsExactly("keys");
        assertThat(document.get("keys")).hasSize(2);
        for (JsonNode key : document.get("keys")) {
            boolean rsa = key.get("kty").asString().equals("RSA");
            assertThat(Set.copyOf(key.propertyNames()))
                    .isEqualTo(
                            rsa
                                    ? Set.of("kty", "kid", "use", "alg", "n", "e")
                                    : Set.of("kty", "kid", "use", "alg", "crv", "x", "y"));
        }
        assertThat(JsonMapper.shared().readTree(TokenKeys.of(FIRST).jwks()).get("keys"))
                .hasSize(1);
        assertThat(Jwks.TYPE).isEqualTo("application/jwk-set+json");
        assertThat(Jwks.CACHE_CONTROL).isEqualTo("public, max-age=600");
    }

    @Test
    void a_key_is_published_a_day_before_it_signs_and_until_the_last_tokens_of_the_former_one_have_ended() {
        Instant published = NOW;
        Instant signs = NOW.plus(Duration.ofHours(24));
        TokenKeys keys = TokenKeys.of(FIRST).next(SECOND, published, signs);
        Instant gone = signs.plus(Duration.ofMinutes(121));

        assertSchedule(keys, published.minusMillis(1), FIRST, List.of(FIRST));
        assertSchedule(keys, published, FIRST, List.of(FIRST, SECOND));
        assertSchedule(keys, signs.minusMillis(1), FIRST, List.of(FIRST, SECOND));
        assertSchedule(keys, signs, SECOND, List.of(FIRST, SECOND));
        assertSchedule(keys, gone.minusMillis(1), SECOND, List.of(FIRST, SECOND));
        assertSchedule(keys, gone, SECOND, List.of(SECOND));

        Instant later = signs.plus(Duration.ofDays(30));
        TokenKeys three = keys.next(THIRD, later.minus(Duration.ofDays(3)), later);
        assertSchedule(three, later.minusMillis(1), SECOND, List.of(SECOND, THIRD));
        assertSchedule(three, later, THIRD, List.of(SECOND, THIRD));
    }

    @Test
    void short_windows_and_keys_with_one_id_are_refused_at_start_up() {
        TokenKeys keys = TokenKeys.of(FIRST);
        Instant signs = NOW.plus(Duration.ofHours(24));

        assertRefused(() -> keys.next(SECOND, NOW.plusMillis(1), signs), "at least 24 hours before it signs");
        assertRefused(() -> keys.next(TokenKey.fromJwk(FIRST.toJwk()), NOW, signs), "two token keys have the id");
        assertRefused(() -> keys.next(SECOND, NOW, signs).next(THIRD, NOW, signs), "the order in which they sign");
    }

    @Test
    void texts_of_keys_show_no_secret() {
        assertThat(FIRST).hasToString("TokenKey[ES256, " + FIRST.id() + "]");
        assertThat(TokenKeys.of(FIRST)).hasToString("TokenKeys[1]");
    }

    private static void assertSchedule(TokenKeys keys, Instant now, TokenKey signing, List<TokenKey> published) {
        assertThat(keys.signing(now)).as("at %s", now).isSameAs(signing);
        assertThat(JsonMapper.shared()
                        .readTree(keys.jwks(now))
                        .get("keys")
                        .valueStream()
                        .map(key -> key.get("kid").asString()))
                .as("at %s", now)
                .isEqualTo(published.stream().map(TokenKey::id).toList());
        Map.of("first", FIRST, "second", SECOND, "third", THIRD)
                .forEach((name, key) -> assertThat(keys.published(key.id(), now).isPresent())
                        .as("%s at %s", name, now)
                        .isEqualTo(published.contains(key)));
    }

    static String pem(KeyPair keys) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = TokenKeysTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable create, String why) {
        assertThatThrownBy(create).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }
}
