package dev.sojourn.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.tools.NodePackages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Other libraries check the tokens that are signed here, and sign tokens that count here, each through a JWKS document. */
class SignedInteropTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String ISSUER = "https://shop.example.com";
    private static final String AUDIENCE = "https://orders.example.com";
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void jose4j_checks_the_tokens_that_are_signed_here() throws Exception {
        for (TokenKey key : List.of(TokenKey.generateRsa(), TokenKey.generateEc())) {
            TokenKeys keys = TokenKeys.of(TokenKey.generateEc()).next(key, NOW.minus(Duration.ofDays(2)), NOW);
            String token = issue(keys);
            var consumer = new JwtConsumerBuilder()
                    .setVerificationKeyResolver(
                            new JwksVerificationKeyResolver(new JsonWebKeySet(keys.jwks(NOW)).getJsonWebKeys()))
                    .setExpectedType(true, "at+jwt")
                    .setExpectedIssuer(ISSUER)
                    .setExpectedAudience(AUDIENCE)
                    .setRequireSubject()
                    .setRequireJwtId()
                    .setRequireIssuedAt()
                    .setRequireExpirationTime()
                    .setEvaluationTime(NumericDate.fromSeconds(NOW.getEpochSecond()))
                    .build();

            JwtClaims claims = consumer.processToClaims(token);

            assertThat(claims.getSubject()).isEqualTo("alice");
            assertThat(claims.getStringClaimValue("role")).isEqualTo("admin");
            assertThat(claims.getExpirationTime().getValue())
                    .isEqualTo(NOW.plusSeconds(300).getEpochSecond());
            char last = token.charAt(token.length() - 10);
            String changed = token.substring(0, token.length() - 10)
                    + (last == 'A' ? 'B' : 'A')
                    + token.substring(token.length() - 9);
            assertThatThrownBy(() -> consumer.processToClaims(changed)).isInstanceOf(InvalidJwtException.class);
        }
    }

    @Test
    void the_tokens_that_jose4j_signs_count_here() throws Exception {
        for (PublicJsonWebKey key : List.of(
                RsaJwkGenerator.generateJwk(2048), EcJwkGenerator.generateJwk(EllipticCurves.P256),
                EcJwkGenerator.generateJwk(EllipticCurves.P384), EcJwkGenerator.generateJwk(EllipticCurves.P521))) {
            for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
                if (!algorithm.fits(com.nimbusds.jose.jwk.JWK.parse(key.toJson()))) {
                    continue;
                }
                JsonWebSignature signature = new JsonWebSignature();
                signature.setPayload(claims());
                signature.setKey(key.getPrivateKey());
                key.setKeyId("jose4j-1");
                signature.setKeyIdHeaderValue("jose4j-1");
                signature.setHeader("typ", "at+jwt");
                signature.setAlgorithmHeaderValue(algorithm.name());
                String token = signature.getCompactSerialization();
                String jwks = new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);

                assertCounts(token, jwks, algorithm);
            }
        }
    }

    @Tag("programs")
    @Test
    void jose_on_node_checks_the_tokens_that_are_signed_here() throws Exception {
        List<Map<String, Object>> tasks = new ArrayList<>();
        for (TokenKey key : List.of(TokenKey.generateRsa(), TokenKey.generateEc())) {
            TokenKeys keys = TokenKeys.of(key);
            tasks.add(Map.of(
                    "jwks",
                    JSON.readTree(keys.jwks(NOW)),
                    "token",
                    issue(keys),
                    "issuer",
                    ISSUER,
                    "audience",
                    AUDIENCE,
                    "now",
                    NOW.getEpochSecond()));
        }

        List<JsonNode> results = runNode(tasks);

        assertThat(results).hasSize(2).allSatisfy(result -> {
            assertThat(result.get("header").get("typ").asString()).isEqualTo("at+jwt");
            assertThat(result.get("claims").get("sub").asString()).isEqualTo("alice");
            assertThat(result.get("claims").get("role").asString()).isEqualTo("admin");
        });
    }

    @Tag("programs")
    @Test
    void the_tokens_that_jose_on_node_signs_count_here() throws Exception {
        List<Map<String, Object>> tasks = new ArrayList<>();
        for (SignatureAlgorithm each : SignatureAlgorithm.values()) {
            tasks.add(Map.of("alg", each.name(), "typ", "at+jwt", "claims", JSON.readTree(claims())));
        }

        List<JsonNode> results = runNode(tasks);

        assertThat(results).hasSize(tasks.size());
        for (JsonNode each : results) {
            assertCounts(
                    each.get("token").asString(),
                    each.get("jwks").toString(),
                    SignatureAlgorithm.valueOf(each.get("alg").asString()));
        }
    }

    private static void assertCounts(String token, String jwks, SignatureAlgorithm algorithm) throws IOException {
        try (JwksServer server = JwksServer.start(jwks)) {
            TrustedIssuer.Builder issuer = TrustedIssuer.of(ISSUER)
                    .jwks(server.address())
                    .tls(JwksServer.TLS)
                    .timeout(Duration.ofSeconds(5));

            AccessToken read = issuer.algorithms(algorithm)
                    .audience(AUDIENCE)
                    .verify(token, NOW)
                    .orElseThrow();

            assertThat(read.subject()).as("%s", algorithm).isEqualTo("alice");
            for (SignatureAlgorithm other : SignatureAlgorithm.values()) {
                if (other != algorithm) {
                    assertThat(issuer.algorithms(other).audience(AUDIENCE).verify(token, NOW))
                            .as("%s by %s", algorithm, other)
                            .isEmpty();
                }
            }
        }
    }

    private static String issue(TokenKeys keys) {
        return AccessTokens.signed(keys)
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .issue(new AccessToken(
                        null,
                        "alice",
                        null,
                        "A".repeat(22),
                        StoreKey.of("B".repeat(43)),
                        NOW,
                        NOW,
                        NOW.plusSeconds(300),
                        JsonMembers.EMPTY.with("role", "\"admin\"".getBytes(UTF_8))));
    }

    private static String claims() {
        return "{\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE + "\",\"sub\":\"alice\",\"iat\":1800000000,"
                + "\"exp\":1800000300}";
    }

    /** Runs one task after the other, and returns what each of them printed. */
    private static List<JsonNode> runNode(List<Map<String, Object>> tasks) throws IOException, InterruptedException {
        Path folder = NodePackages.install(Path.of("src/test/node"), "jose");
        Process node = new ProcessBuilder("node", "signed.mjs")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = node.outputWriter(UTF_8)) {
            for (Map<String, Object> task : tasks) {
                in.write(JSON.writeValueAsString(task) + "\n");
            }
        }
        String printed = new String(node.getInputStream().readAllBytes(), UTF_8);
        assertThat(node.waitFor()).isZero();
        return printed.lines().map(JSON::readTree).toList();
    }
}
