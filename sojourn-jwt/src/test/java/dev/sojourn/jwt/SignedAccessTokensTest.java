package dev.sojourn.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.SessionTooLargeException;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.StoreKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SignedAccessTokensTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String ISSUER = "https://shop.example.com";
    private static final String AUDIENCE = "https://api.example.com";
    private static final String SID = "AAAAAAAAAAAAAAAAAAAAAA";
    private static final String KEY = "B".repeat(43);

    /** The same keys for the format and for the forger. */
    private static final Forge EC = Forge.ec("");

    private static final Forge RSA = Forge.rsa("");
    private static final TokenKey EC_KEY = TokenKey.fromPem(TokenKeysTest.pem(EC.keys()));
    private static final TokenKey RSA_KEY = TokenKey.fromPem(TokenKeysTest.pem(RSA.keys()));
    private static final SignedAccessTokens EC_TOKENS = format(TokenKeys.of(EC_KEY));
    private static final SignedAccessTokens RSA_TOKENS = format(TokenKeys.of(RSA_KEY));

    @Test
    void a_token_has_the_members_of_rfc_9068() {
        for (SignedAccessTokens tokens : List.of(EC_TOKENS, RSA_TOKENS)) {
            TokenKey key = tokens == EC_TOKENS ? EC_KEY : RSA_KEY;
            String text = tokens.issue(token(JsonMembers.EMPTY.with("role", bytes("\"admin\""))));

            JsonNode header = JsonMapper.shared().readTree(Forge.decode(Forge.part(text, 0)));
            JsonNode claims = JsonMapper.shared().readTree(Forge.decode(Forge.part(text, 1)));
            assertThat(header.toString())
                    .isEqualTo("{\"typ\":\"at+jwt\",\"alg\":\"" + key.algorithm() + "\",\"kid\":\"" + key.id() + "\"}");
            assertThat(claims.toString())
                    .isEqualTo("{\"iss\":\"" + ISSUER + "\",\"sub\":\"alice\",\"aud\":\"" + AUDIENCE
                            + "\",\"client_id\":\"" + AUDIENCE + "\",\"iat\":1800000000,\"exp\":1800000300,"
                            + "\"jti\":\"t1\",\"sid\":\"" + SID + "\",\"auth_time\":1799990000,\"sojourn_key\":\"" + KEY
                            + "\",\"role\":\"admin\"}");
        }
    }

    @Test
    void a_token_is_read_back_as_it_was_issued() {
        for (SignedAccessTokens tokens : List.of(EC_TOKENS, RSA_TOKENS)) {
            String text = tokens.issue(token(JsonMembers.EMPTY.with("price", bytes("1.50"))));

            AccessToken read = tokens.verify(text, NOW).orElseThrow();

            assertThat(read.issuer()).isEqualTo(ISSUER);
            assertThat(read.subject()).isEqualTo("alice");
            assertThat(read.tokenId()).isEqualTo("t1");
            assertThat(read.sessionId()).isEqualTo(SID);
            assertThat(read.sessionKey()).isEqualTo(StoreKey.of(KEY));
            assertThat(read.sessionCreatedAt()).isEqualTo(NOW.minusSeconds(10_000));
            assertThat(read.issuedAt()).isEqualTo(NOW);
            assertThat(read.expiresAt()).isEqualTo(NOW.plusSeconds(300));
            assertThat(read.claims().names()).containsExactly("price");
            assertThat(Forge.claim(read.claims(), "price")).isEqualTo("1.50");
        }
    }

    @Test
    void only_a_token_that_counted_until_then_has_expired() {
        for (SignedAccessTokens tokens : List.of(EC_TOKENS, RSA_TOKENS)) {
            String text = tokens.issue(token(JsonMembers.EMPTY));

            assertThat(tokens.isExpired(text, NOW.plusSeconds(299))).isFalse();
            assertThat(tokens.isExpired(text, NOW.plusSeconds(300))).isTrue();
            assertThat(tokens.isExpired(text, NOW.plusSeconds(1_000_000))).isTrue();
            String forged = text.substring(0, text.lastIndexOf('.')) + ".AAAA";
            assertThat(tokens.isExpired(forged, NOW.plusSeconds(300))).isFalse();
            assertThat(tokens.isExpired("a.b.c", NOW)).isFalse();
        }
    }

    @Test
    void a_token_without_user_and_token_id_gets_a_random_id() {
        AccessToken plain = new AccessToken(
                null, null, null, SID, StoreKey.of(KEY), null, NOW, NOW.plusSeconds(300), JsonMembers.EMPTY);

        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            AccessToken read = EC_TOKENS.verify(EC_TOKENS.issue(plain), NOW).orElseThrow();
            assertThat(read.subject()).isNull();
            assertThat(read.sessionCreatedAt()).isNull();
            ids.add(read.tokenId());
        }
        assertThat(ids).hasSize(20).allMatch(id -> id.length() == 16);
    }

    @Test
    void a_token_counts_until_exp_and_from_a_minute_before_iat() {
        String text = EC_TOKENS.issue(token(JsonMembers.EMPTY));

        assertThat(EC_TOKENS.verify(text, NOW.plusSeconds(300).minusNanos(1))).isPresent();
        assertThat(EC_TOKENS.verify(text, NOW.plusSeconds(300))).isEmpty();
        assertThat(EC_TOKENS.verify(text, NOW.minusSeconds(60))).isPresent();
        assertThat(EC_TOKENS.verify(text, NOW.minusSeconds(61))).isEmpty();
    }

    @Test
    void all_nodes_switch_keys_by_the_clock_and_old_tokens_count_until_they_end() {
        Instant signs = NOW.plus(Duration.ofDays(2));
        TokenKeys keys = TokenKeys.of(EC_KEY).next(RSA_KEY, NOW, signs);
        SignedAccessTokens one = format(keys);
        SignedAccessTokens other = format(keys);
        String before = one.issue(tokenAt(signs.minusSeconds(1)));
        String after = other.issue(tokenAt(signs));

        assertThat(Forge.decode(Forge.part(before, 0))).contains("ES256", EC_KEY.id());
        assertThat(Forge.decode(Forge.part(after, 0))).contains("RS256", RSA_KEY.id());
        assertThat(other.verify(before, signs.plusSeconds(200))).isPresent();
        assertThat(one.verify(after, signs.minusSeconds(30)))
                .as("a node whose clock is behind knows the key already")
                .isPresent();
    }

    @Test
    void a_removed_key_takes_its_tokens_with_it_although_their_signatures_are_remembered() {
        Instant signs = NOW.plus(Duration.ofDays(2));
        SignedAccessTokens tokens = format(TokenKeys.of(EC_KEY).next(RSA_KEY, NOW, signs));
        Instant gone = signs.plus(TokenKeys.PUBLISHED_AFTER);
        String late = token(
                EC, "{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"" + EC_KEY.id() + "\"}", gone.minusSeconds(60));

        assertThat(tokens.verify(late, gone.minusSeconds(1))).isPresent();
        assertThat(tokens.verify(late, gone)).isEmpty();
    }

    @Test
    void what_cannot_be_a_token_is_refused_when_it_is_issued() {
        assertRefused(() -> EC_TOKENS.issue(token(JsonMembers.EMPTY.with("exp", bytes("1")))), "'exp' of its own");
        for (String name :
                List.of("iss", "sub", "aud", "client_id", "iat", "nbf", "jti", "sid", "cnf", "sojourn_key")) {
            assertRefused(() -> EC_TOKENS.issue(token(JsonMembers.EMPTY.with(name, bytes("1")))), name);
        }
        assertRefused(
                () -> EC_TOKENS.issue(token(JsonMembers.EMPTY.with("a", bytes("{\"b\":1,\"b\":2}")))), "read back");
        assertRefused(
                () -> EC_TOKENS.issue(new AccessToken(
                        null, "a", "t", SID, StoreKey.of(KEY), null, NOW, NOW.plusSeconds(3_601), JsonMembers.EMPTY)),
                "at most an hour");
        assertRefused(
                () -> EC_TOKENS.issue(new AccessToken(
                        null, "a", "t", null, StoreKey.of(KEY), null, NOW, NOW.plusSeconds(300), JsonMembers.EMPTY)),
                "public id");
        assertRefused(
                () -> EC_TOKENS.issue(
                        new AccessToken(null, "a", "t", SID, null, null, NOW, NOW.plusSeconds(300), JsonMembers.EMPTY)),
                "store key");
        assertThatThrownBy(() -> EC_TOKENS.issue(token(JsonMembers.EMPTY
                        .with("small", bytes("1"))
                        .with("large", bytes('"' + "x".repeat(7_000) + '"')))))
                .isInstanceOf(SessionTooLargeException.class)
                .hasMessageContaining("8192 characters")
                .hasMessageContaining("'large' 7002 bytes, 'small' 1 bytes");
    }

    @Test
    @SuppressWarnings("NullAway") // what an unset environment variable gives
    void an_incomplete_description_is_refused_at_start_up() {
        TokenKeys keys = TokenKeys.of(EC_KEY);
        assertRefused(() -> AccessTokens.signed(keys).audience(AUDIENCE), "issuer is missing");
        assertRefused(() -> AccessTokens.signed(keys).issuer(null), "issuer is missing");
        assertRefused(() -> AccessTokens.signed(keys).issuer(ISSUER).audience(null), "audience is missing");
        assertRefused(() -> AccessTokens.signed(keys).issuer(ISSUER).audience(" "), "audience is missing");
        assertRefused(() -> AccessTokens.signed(keys).issuer(ISSUER).audience(AUDIENCE, (String) null), "audience is");
        assertRefused(() -> AccessTokens.signed(keys).issuer(ISSUER).clientId(""), "clientId is missing");
        assertRefused(() -> AccessTokens.signed(keys).issuer("https://a\n"), "white space");
    }

    @Test
    void several_audiences_are_a_list() {
        SignedAccessTokens both = AccessTokens.signed(TokenKeys.of(EC_KEY))
                .issuer(ISSUER)
                .clientId("app")
                .audience("one", "two");
        String text = both.issue(token(JsonMembers.EMPTY));

        assertThat(Forge.decode(Forge.part(text, 1))).contains("\"aud\":[\"one\",\"two\"],\"client_id\":\"app\"");
        assertThat(both.verify(text, NOW)).isPresent();
        assertThat(EC_TOKENS.verify(text, NOW)).as("not for this service").isEmpty();
    }

    @Test
    void a_header_that_is_not_exactly_ours_is_refused() {
        String id = "\"kid\":\"" + EC_KEY.id() + "\"";
        String type = "\"typ\":\"at+jwt\"";
        String alg = "\"alg\":\"ES256\"";
        assertCounts("{" + type + "," + alg + "," + id + "}", true);
        assertCounts("{\"typ\":\"AT+JWT\"," + alg + "," + id + "}", true);
        assertCounts("{\"typ\":\"application/at+jwt\"," + alg + "," + id + "}", true);
        assertCounts("{\"typ\":\"Application/AT+jwt\"," + alg + "," + id + "}", true);
        for (String other : List.of("JWT", "at", "jwt+at", "application/JWT", "secevent+jwt", "x/at+jwt", "")) {
            assertCounts("{\"typ\":\"" + other + "\"," + alg + "," + id + "}", false);
        }
        assertCounts("{" + alg + "," + id + "}", false);
        for (String other :
                List.of("none", "noNE", "", "es256", "ES384", "ES512", "ES256K", "RS256", "PS256", "HS256", "EdDSA")) {
            assertCounts("{" + type + ",\"alg\":\"" + other + "\"," + id + "}", false);
        }
        assertCounts("{" + type + "," + id + "}", false);
        for (String other : List.of(
                "\"../..\"",
                "\"' OR 1=1 --\"",
                "\"" + "A".repeat(2_000) + "\"",
                "1",
                "null",
                "\"\"",
                "\"" + "A".repeat(43) + "\"",
                "\"" + EC_KEY.id() + " \"",
                "\"" + EC_KEY.id().substring(1) + "\"")) {
            assertCounts("{" + type + "," + alg + ",\"kid\":" + other + "}", false);
        }
        assertCounts("{" + type + "," + alg + "}", false);
        for (String other : List.of(
                "\"jwk\":" + EC.jwk(),
                "\"jku\":\"https://evil.example.com\"",
                "\"x5u\":\"https://evil.example.com\"",
                "\"x5c\":[\"AAAA\"]",
                "\"x5t\":\"AAAA\"",
                "\"crit\":[]",
                "\"crit\":[\"exp\"]",
                "\"b64\":false",
                "\"b64\":false,\"crit\":[\"b64\"]",
                "\"b64\":true",
                "\"cty\":\"JWT\"",
                "\"zip\":\"DEF\"",
                "\"p2c\":2147483647",
                "\"exp\":1800000300",
                alg)) {
            assertCounts("{" + type + "," + alg + "," + id + "," + other + "}", false);
        }
    }

    @Test
    void a_signature_of_another_key_or_algorithm_is_refused() throws Exception {
        String header = "{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"" + EC_KEY.id() + "\"}";
        String good = token(EC, header, NOW);
        String signed = good.substring(0, good.lastIndexOf('.') + 1);
        assertThat(EC_TOKENS.verify(good, NOW)).isPresent();

        assertThat(EC_TOKENS.verify(token(Forge.ec(""), header, NOW), NOW))
                .as("another key")
                .isEmpty();
        assertThat(EC_TOKENS.verify(signed, NOW)).as("empty").isEmpty();
        assertThat(EC_TOKENS.verify(signed + good.substring(signed.length() + 43), NOW))
                .as("half")
                .isEmpty();
        assertThat(EC_TOKENS.verify(signed + Forge.encode(new byte[64]), NOW))
                .as("zeros")
                .isEmpty();
        byte[] content = signed.substring(0, signed.length() - 1).getBytes(StandardCharsets.US_ASCII);
        assertThat(EC_TOKENS.verify(signed + Forge.encode(EC.sign(content, "SHA256withECDSA")), NOW))
                .as("DER instead of two numbers")
                .isEmpty();

        byte[] secret = EC.keys().getPublic().getEncoded();
        String hmacHeader = header.replace("ES256", "HS256");
        String unsigned = Forge.encode(hmacHeader) + "." + Forge.part(good, 1);
        javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec(secret, "HmacSHA256"));
        assertThat(EC_TOKENS.verify(
                        unsigned + "." + Forge.encode(mac.doFinal(unsigned.getBytes(StandardCharsets.US_ASCII))), NOW))
                .as("HS256 with the public key")
                .isEmpty();

        String rsa = "{\"typ\":\"at+jwt\",\"alg\":\"%s\",\"kid\":\"" + RSA_KEY.id() + "\"}";
        assertThat(RSA_TOKENS.verify(RSA.token(rsa.formatted("RS256"), claims(NOW), "SHA256withRSA"), NOW))
                .isPresent();
        assertThat(RSA_TOKENS.verify(RSA.token(rsa.formatted("RS512"), claims(NOW), "SHA512withRSA"), NOW))
                .as("another algorithm of the same key")
                .isEmpty();
    }

    /** A client that has a token can spell its signature in a second way; it stays the same token with the same names. */
    @Test
    void the_second_spelling_of_an_ecdsa_signature_is_the_same_token() {
        String good = EC_TOKENS.issue(token(JsonMembers.EMPTY));
        List<String> parts = List.of(good.split("\\.", -1));
        byte[] signature = Base64.getUrlDecoder().decode(parts.get(2));
        BigInteger order = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        BigInteger s = order.subtract(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)));
        byte[] other = signature.clone();
        byte[] bytes = s.toByteArray();
        Arrays.fill(other, 32, 64, (byte) 0);
        int length = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - length, other, 64 - length, length);

        AccessToken read = EC_TOKENS
                .verify(parts.get(0) + "." + parts.get(1) + "." + Forge.encode(other), NOW)
                .orElseThrow();

        AccessToken first = EC_TOKENS.verify(good, NOW).orElseThrow();
        assertThat(read.sessionId()).isEqualTo(first.sessionId());
        assertThat(read.tokenId()).isEqualTo(first.tokenId());
        assertThat(read.expiresAt()).isEqualTo(first.expiresAt());
    }

    @Test
    void claims_that_are_not_exactly_ours_are_refused() {
        String good = claims(NOW);
        assertThat(EC_TOKENS.verify(ours(good), NOW)).isPresent();
        assertThat(EC_TOKENS.verify(
                        ours(good.replace("\"aud\":\"" + AUDIENCE + "\"", "\"aud\":[\"x\",\"" + AUDIENCE + "\"]")),
                        NOW))
                .as("a list that has the audience")
                .isPresent();
        for (String[] change : new String[][] {
            {"\"iss\":\"" + ISSUER, "\"iss\":\"" + ISSUER + "/"},
            {"\"iss\":\"" + ISSUER + "\"", "\"iss\":[\"" + ISSUER + "\"]"},
            {"\"aud\":\"" + AUDIENCE, "\"aud\":\"https://other.example.com"},
            {"\"aud\":\"" + AUDIENCE + "\"", "\"aud\":[]"},
            {"\"aud\":\"" + AUDIENCE + "\",", ""},
            {"\"iat\":1800000000", "\"iat\":1800003600"},
            {"\"iat\":1800000000,", ""},
            {"\"exp\":1800000300", "\"exp\":null"},
            {"\"exp\":1800000300,", ""},
            {"\"exp\":1800000300", "\"exp\":\"1800000300\""},
            {"\"exp\":1800000300", "\"exp\":1800000300.0"},
            {"\"exp\":1800000300", "\"exp\":1e1000000000"},
            {"\"exp\":1800000300", "\"exp\":9223372036854775808"},
            {"\"exp\":1800000300", "\"exp\":2115360000"},
            {"\"exp\":1800000300", "\"exp\":1799999970"},
            {"\"sub\":\"alice\"", "\"sub\":17"},
            {"\"sub\":\"alice\"", "\"sub\":\"alice\",\"sub\":\"bob\""},
            {"\"sub\":\"alice\"", "\"sub\":\"\\uD800\""},
            {"\"jti\":\"t1\",", ""},
            {"\"sid\":\"" + SID + "\",", ""},
            {"\"client_id\":\"app\",", ""},
            {"\"sojourn_key\":\"" + KEY + "\"", "\"sojourn_key\":\"\""},
            {"\"sojourn_key\":\"" + KEY + "\"", "\"other\":1"},
            {"{\"iss\"", "{\"cnf\":{\"jkt\":\"x\"},\"iss\""},
            {"{\"iss\"", "{\"nbf\":1800000061,\"iss\""},
            {"{\"iss\"", "{\"auth_time\":\"now\",\"iss\""},
            {"{\"iss\"", "\uFEFF{\"iss\""},
            {"{\"iss\"", "{\"deep\":" + "[".repeat(1_000) + "]".repeat(1_000) + ",\"iss\""},
            {"{\"iss\"", "{\"large\":\"" + "x".repeat(10_000) + "\",\"iss\""}
        }) {
            assertThat(good).contains(change[0]);
            assertThat(EC_TOKENS.verify(ours(good.replace(change[0], change[1])), NOW))
                    .as(change[1])
                    .isEmpty();
        }
        assertThat(EC_TOKENS.verify(ours(good + "{}"), NOW)).isEmpty();
        assertThat(EC_TOKENS.verify(ours(EC_TOKENS.issue(token(JsonMembers.EMPTY))), NOW))
                .as("a token in a token")
                .isEmpty();
    }

    @Test
    void other_serializations_and_texts_are_refused() {
        String good = EC_TOKENS.issue(token(JsonMembers.EMPTY));
        List<String> parts = List.of(good.split("\\.", -1));
        for (String other : List.of(
                "",
                ".",
                "..",
                "...",
                good + ".",
                "." + good,
                good + " ",
                " " + good,
                good + "\n",
                good + "=",
                "Bearer " + good,
                parts.get(0) + "." + parts.get(1),
                parts.get(0) + ".." + parts.get(2),
                good + "." + parts.get(2) + "." + parts.get(2),
                "{\"payload\":\"" + parts.get(1) + "\",\"protected\":\"" + parts.get(0) + "\",\"signature\":\""
                        + parts.get(2) + "\"}",
                "\u0430" + good.substring(1))) {
            assertThat(EC_TOKENS.verify(other, NOW)).as(other).isEmpty();
        }
    }

    @Test
    void a_token_with_any_character_changed_inserted_or_dropped_is_refused() {
        for (SignedAccessTokens tokens : List.of(EC_TOKENS, RSA_TOKENS)) {
            String good = tokens.issue(token(JsonMembers.EMPTY.with("role", bytes("\"admin\""))));
            assertThat(tokens.verify(good, NOW)).isPresent();
            for (int at = 0; at <= good.length(); at++) {
                String before = good.substring(0, at);
                for (char other : new char[] {'A', '_', '.', '=', '\n', (char) (0x3b1 + at)}) {
                    assertThat(tokens.verify(before + other + good.substring(at), NOW))
                            .as("inserted %s at %d", other, at)
                            .isEmpty();
                    if (at < good.length() && good.charAt(at) != other) {
                        assertThat(tokens.verify(before + other + good.substring(at + 1), NOW))
                                .as("%s at %d", other, at)
                                .isEmpty();
                    }
                }
                if (at < good.length()) {
                    char flipped = (char) (good.charAt(at) ^ 1);
                    assertThat(tokens.verify(before + flipped + good.substring(at + 1), NOW))
                            .as("a bit at %d", at)
                            .isEmpty();
                    assertThat(tokens.verify(before + good.substring(at + 1), NOW))
                            .as("dropped %d", at)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void texts_show_no_secret() {
        assertThat(EC_TOKENS).hasToString("SignedAccessTokens[" + ISSUER + "]");
        assertThat(AccessTokens.signed(TokenKeys.of(EC_KEY))).hasToString("SignedAccessTokens.Builder[TokenKeys[1]]");
    }

    private static void assertCounts(String header, boolean counts) {
        assertThat(EC_TOKENS.verify(token(EC, header, NOW), NOW).isPresent())
                .as(header)
                .isEqualTo(counts);
    }

    /** Returns a token with our header and signature and any payload. */
    private static String ours(String payload) {
        return EC.token(
                "{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"" + EC_KEY.id() + "\"}",
                payload,
                "SHA256withECDSAinP1363Format");
    }

    private static String token(Forge forge, String header, Instant issuedAt) {
        return forge.token(header, claims(issuedAt), "SHA256withECDSAinP1363Format");
    }

    private static String claims(Instant issuedAt) {
        return "{\"iss\":\"" + ISSUER + "\",\"sub\":\"alice\",\"aud\":\"" + AUDIENCE
                + "\",\"client_id\":\"app\",\"iat\":"
                + issuedAt.getEpochSecond() + ",\"exp\":"
                + issuedAt.plusSeconds(300).getEpochSecond()
                + ",\"jti\":\"t1\",\"sid\":\"" + SID + "\",\"sojourn_key\":\"" + KEY + "\"}";
    }

    private static AccessToken token(JsonMembers claims) {
        return new AccessToken(
                "ignored",
                "alice",
                "t1",
                SID,
                StoreKey.of(KEY),
                NOW.minusSeconds(10_000),
                NOW,
                NOW.plusSeconds(300),
                claims);
    }

    private static AccessToken tokenAt(Instant issuedAt) {
        return new AccessToken(
                null,
                "alice",
                "t1",
                SID,
                StoreKey.of(KEY),
                null,
                issuedAt,
                issuedAt.plusSeconds(300),
                JsonMembers.EMPTY);
    }

    private static SignedAccessTokens format(TokenKeys keys) {
        return AccessTokens.signed(keys).issuer(ISSUER).audience(AUDIENCE);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertRefused(ThrowingCallable create, String why) {
        assertThatThrownBy(create).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }
}
