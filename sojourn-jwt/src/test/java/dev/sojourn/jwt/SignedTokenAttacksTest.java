package dev.sojourn.jwt;

import static dev.sojourn.jwt.SignatureAlgorithm.RS256;
import static dev.sojourn.jwt.ViewService.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.TokenViews;
import dev.sojourn.jwt.ViewService.Response;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenVerifier;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of attacks on signed tokens, each row a request over real HTTP. One service trusts the tokens of its own
 * application (ES256) and those of a foreign issuer (RS256, keys over TLS); most rows are tried as both. A row is refused
 * with 401, without a reason that helps an attacker, and never with a 5xx; it fetches no keys, neither the issuer's nor any
 * that the token names.
 *
 * <p>The rows about the issuer's key document are in {@link JwksOverHttpTest}, those about logout, refresh tokens and
 * restarts in the module {@code proof} ({@code A36AccessTokensTest}), and those of sealed texts there in {@code
 * A35SealedFormTest}.
 */
class SignedTokenAttacksTest {
    private static final String AUDIENCE = "https://orders.example.com";
    private static final String RSA_SIGNATURE = "SHA256withRSA";
    private static final String EC_SIGNATURE = "SHA256withECDSAinP1363Format";
    private static final Forge MINE = Forge.ec("");
    private static final Forge THEIRS = Forge.rsa("foreign");
    private static final TokenKey MY_KEY = TokenKey.fromPem(TokenKeysTest.pem(MINE.keys()));
    private static final SettableClock CLOCK = new SettableClock();
    private static final SignedAccessTokens TOKENS = AccessTokens.signed(TokenKeys.of(MY_KEY))
            .issuer("https://shop.example.com")
            .audience(AUDIENCE);

    private static final Origin OWN = new Origin(
            "own",
            MINE,
            Forge.ec(""),
            EC_SIGNATURE,
            "{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"" + MY_KEY.id() + "\"}",
            "{\"iss\":\"https://shop.example.com\",\"sub\":\"alice\",\"aud\":\"" + AUDIENCE
                    + "\",\"iat\":1800000000,\"exp\":1800000300,\"client_id\":\"app\",\"jti\":\"t\",\"sid\":\""
                    + "A".repeat(22) + "\",\"sojourn_key\":\"" + "B".repeat(43) + "\"}");
    private static final Origin FOREIGN = new Origin(
            "foreign",
            THEIRS,
            Forge.rsa("foreign"),
            RSA_SIGNATURE,
            "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"foreign\"}",
            "{\"iss\":\"https://id.example.com/realms/shop\",\"sub\":\"alice\",\"aud\":\"" + AUDIENCE
                    + "\",\"iat\":1800000000,\"exp\":1800000300}");

    private static JwksServer issuer;
    private static JwksServer attacker;
    private static ViewService service;

    @BeforeAll
    static void start() throws IOException {
        CLOCK.set(Instant.ofEpochSecond(1_800_000_000));
        issuer = JwksServer.start(Forge.jwks(THEIRS.jwk()));
        attacker = JwksServer.start(Forge.jwks(FOREIGN.other.jwk(), OWN.other.jwk("\"use\":\"sig\"")));
        TokenVerifier foreign = TrustedIssuer.of("https://id.example.com/realms/shop")
                .jwks(issuer.address())
                .tls(JwksServer.TLS)
                .timeout(Duration.ofSeconds(5))
                .algorithms(RS256)
                .audience(AUDIENCE);
        service = ViewService.start(
                TokenViews.create(c -> c.trust(TOKENS, foreign).clock(CLOCK)));
        for (Origin origin : List.of(OWN, FOREIGN)) {
            assertThat(service.get(origin.good()).body()).startsWith("alice");
        }
    }

    @AfterAll
    static void stop() {
        service.close();
        issuer.close();
        attacker.close();
    }

    /**
     * Where tokens come from.
     *
     * @param name how rows are named
     * @param key the key that signs
     * @param other the key of an attacker, with the same id
     * @param signature the JDK's name of the algorithm
     * @param header the header of a right token
     * @param claims the claims of a right token
     */
    private record Origin(String name, Forge key, Forge other, String signature, String header, String claims) {
        String good() {
            return key.token(header, claims, signature);
        }

        boolean isOwn() {
            return name.equals("own");
        }

        String algorithm() {
            return signature.equals(RSA_SIGNATURE) ? "RS256" : "ES256";
        }
    }

    /**
     * A row of the table.
     *
     * @param name what the attacker does
     * @param token what is sent
     */
    private record Row(String name, String token) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Collects rows. */
    private static final class Rows {
        private final Origin origin;
        private final List<Row> rows = new ArrayList<>();

        Rows(Origin origin) {
            this.origin = origin;
        }

        Stream<Row> stream() {
            return rows.stream();
        }

        Rows text(String name, String token) {
            rows.add(new Row(origin.name() + ": " + name, token));
            return this;
        }

        /** Adds a token with the right key and claims, and another header. */
        Rows header(String name, String header) {
            return text(name, origin.key().token(header, origin.claims(), origin.signature()));
        }

        /** Adds a token whose header has another text at one place. */
        Rows header(String name, String from, String to) {
            return header(name, replace(origin.header(), from, to));
        }

        /** Adds a token whose header has one more member. */
        Rows member(String name, String member) {
            return header(name, replace(origin.header(), "{", "{" + member + ","));
        }

        /** Adds a token of the attacker's key whose header says where that key is, and one of the right key. */
        Rows keyOfAttacker(String name, String member) {
            String header = replace(origin.header(), "{", "{" + member + ",");
            text(name + ", signed by that key", origin.other().token(header, origin.claims(), origin.signature()));
            return header(name + ", signed by the right key", header);
        }

        /** Adds a token with the right key and header, and other claims. */
        Rows claims(String name, String claims) {
            return text(name, origin.key().token(origin.header(), claims, origin.signature()));
        }

        Rows claims(String name, String from, String to) {
            return claims(name, replace(origin.claims(), from, to));
        }

        Rows claim(String name, String claim) {
            return claims(name, "{", "{" + claim + ",");
        }

        private static String replace(String text, String from, String to) {
            if (!text.contains(from)) {
                throw new IllegalArgumentException(from + " is not in " + text);
            }
            return text.replace(from, to);
        }
    }

    // ---- what is refused

    static Stream<Row> refused() {
        return Stream.of(OWN, FOREIGN)
                .flatMap(origin -> Stream.of(
                                algorithms(origin),
                                keys(origin),
                                headers(origin),
                                times(origin),
                                claims(origin),
                                sizes(origin),
                                spellings(origin),
                                kinds(origin))
                        .flatMap(Rows::stream));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void a_token_that_does_not_count_is_a_401_that_explains_nothing(Row row) throws IOException {
        assertRefused(service.get(row.token()));
        assertThat(issuer.requests()).as("fetches since the service started").isOne();
        assertThat(attacker.requests()).as("fetches from the attacker").isZero();
    }

    private static void assertRefused(Response response) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.values("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
        assertThat(response.body()).isEqualTo("The token is not valid. Please sign in again.");
    }

    private static Rows algorithms(Origin origin) {
        String algorithm = "\"" + origin.algorithm() + "\"";
        String unsigned = Forge.encode(Rows.replace(origin.header(), algorithm, "\"none\"")) + "."
                + Forge.encode(origin.claims()) + ".";
        Rows rows = new Rows(origin)
                .text("alg none without a signature", unsigned)
                .text("alg none in two parts", unsigned.substring(0, unsigned.length() - 1))
                .header("alg none with a signature", algorithm, "\"none\"")
                .header("alg noNE", algorithm, "\"noNE\"")
                .header("alg in lower case", algorithm, algorithm.toLowerCase(Locale.ROOT))
                .header("alg absent", "\"alg\":" + algorithm + ",", "")
                .header("alg empty", algorithm, "\"\"")
                .header("alg a number", algorithm, "256")
                .header("alg a list", algorithm, "[" + algorithm + "]")
                .header("alg EdDSA", algorithm, "\"EdDSA\"")
                .header("alg of encryption", algorithm, "\"dir\"");
        for (Map.Entry<String, byte[]> secret : publicKeys(origin).entrySet()) {
            rows.text(
                    "HS256 with the public key as " + secret.getKey(),
                    hmac(Rows.replace(origin.header(), algorithm, "\"HS256\""), origin.claims(), secret.getValue()));
        }
        if (origin.isOwn()) {
            rows.text(
                            "ES384 by the P-256 key",
                            MINE.token(
                                    Rows.replace(origin.header(), algorithm, "\"ES384\""),
                                    origin.claims(),
                                    "SHA384withECDSAinP1363Format"))
                    .text(
                            "ES384 by a P-384 key",
                            Forge.ec("", "secp384r1")
                                    .token(
                                            Rows.replace(origin.header(), algorithm, "\"ES384\""),
                                            origin.claims(),
                                            "SHA384withECDSAinP1363Format"))
                    .header("RS256 with the ES256 key", algorithm, "\"RS256\"")
                    .text(
                            "RS256 by another key with the id of the ES256 key",
                            THEIRS.token(
                                    Rows.replace(origin.header(), algorithm, "\"RS256\""),
                                    origin.claims(),
                                    RSA_SIGNATURE));
        } else {
            rows.text(
                            "RS512, which the issuer's description does not allow",
                            THEIRS.token(
                                    Rows.replace(origin.header(), algorithm, "\"RS512\""),
                                    origin.claims(),
                                    "SHA512withRSA"))
                    .header("PS256 with a signature of RS256", algorithm, "\"PS256\"")
                    .text(
                            "ES256 by another key with the id of the RS256 key",
                            MINE.token(
                                    Rows.replace(origin.header(), algorithm, "\"ES256\""),
                                    origin.claims(),
                                    EC_SIGNATURE));
        }
        return rows;
    }

    /** Returns the forms of the public key that a careless verifier might use as a secret. */
    private static Map<String, byte[]> publicKeys(Origin origin) {
        byte[] encoded = origin.key().keys().getPublic().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END PUBLIC KEY-----\n";
        return Map.of(
                "DER", encoded,
                "PEM", pem.getBytes(StandardCharsets.US_ASCII),
                "JWK", origin.key().jwk().getBytes(StandardCharsets.US_ASCII));
    }

    private static String hmac(String header, String claims, byte[] secret) {
        try {
            String signed = Forge.encode(header) + "." + Forge.encode(claims);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return signed + "." + Forge.encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Rows keys(Origin origin) {
        String id = origin.isOwn() ? MY_KEY.id() : "foreign";
        String quoted = "\"" + id + "\"";
        String certificate = Base64.getEncoder()
                .encodeToString(origin.other().keys().getPublic().getEncoded());
        return new Rows(origin)
                .text("another key", origin.other().token(origin.header(), origin.claims(), origin.signature()))
                .keyOfAttacker("jwk in the header", "\"jwk\":" + origin.other().jwk())
                .keyOfAttacker("jku", "\"jku\":\"" + attacker.address() + "\"")
                .keyOfAttacker("x5u", "\"x5u\":\"" + attacker.address() + "\"")
                .keyOfAttacker("x5c", "\"x5c\":[\"" + certificate + "\"]")
                .header("kid absent", ",\"kid\":" + quoted, "")
                .header("kid empty", quoted, "\"\"")
                .header("kid null", quoted, "null")
                .header("kid a number", quoted, "17")
                .header("kid a list", quoted, "[" + quoted + "]")
                .header("kid ../..", quoted, "\"../..\"")
                .header("kid of a file", quoted, "\"../../../../../../dev/null\"")
                .header("kid SQL", quoted, "\"' OR 1=1 --\"")
                .header("kid SQL with a key", quoted, "\"x' UNION SELECT 'AAAA\"")
                .header("kid with a control character", quoted, "\"" + id + "\\u0000\"")
                .header("kid with a blank after it", quoted, "\"" + id + " \"")
                .header("kid unknown", quoted, "\"" + "k".repeat(43) + "\"")
                .header("kid of 2 kB", quoted, "\"" + "k".repeat(2_000) + "\"");
    }

    private static Rows headers(Origin origin) {
        String algorithm = "\"alg\":\"" + origin.algorithm() + "\"";
        String type = origin.isOwn() ? "\"at+jwt\"" : "\"JWT\"";
        Rows rows = new Rows(origin)
                .member(
                        "crit with an unknown name",
                        "\"crit\":[\"https://example.com/later\"],\"https://example.com/later\":1")
                .member("crit with a known name", "\"crit\":[\"exp\"],\"exp\":1800000300")
                .member("crit empty", "\"crit\":[]")
                .member("crit a text", "\"crit\":\"exp\"")
                .member("b64 false without crit", "\"b64\":false")
                .member("b64 false with crit", "\"b64\":false,\"crit\":[\"b64\"]")
                .member("cty JWT", "\"cty\":\"JWT\"")
                .member("zip", "\"zip\":\"DEF\"")
                .member("enc", "\"enc\":\"A256GCM\"")
                .member("p2c", "\"p2c\":2147483647")
                .member("an unknown name", "\"later\":\"x\"")
                .member("alg twice", algorithm)
                .member("alg twice, once none", "\"alg\":\"none\"")
                .member("alg twice, once escaped", "\"\\u0061lg\":\"none\"")
                .member("typ twice", "\"typ\":" + type)
                .header("typ a number", type, "1")
                .header("typ of a proof", type, "\"dpop+jwt\"")
                .header("typ of a logout token", type, "\"logout+jwt\"")
                .header("typ of another kind", type, "\"text/at+jwt\"")
                .header("typ with a parameter", type, "\"at+jwt;v=1\"")
                .header("BOM before the header", "\uFEFF" + origin.header())
                .header("JSON after the header", origin.header() + "{}")
                .header("a comment after the header", origin.header() + "//")
                .header("a comment before the header", "/**/" + origin.header())
                .header("a comment in the header", "{", "{/**/")
                .header("single quotes in the header", origin.header().replace('"', '\''))
                .header("the header a list", "[" + origin.header() + "]")
                .header("the header no JSON", "header")
                .member("2,000 levels in the header", "\"jwk\":" + "[".repeat(2_000) + "]".repeat(2_000));
        if (origin.isOwn()) {
            rows.header("typ absent", "\"typ\":" + type + ",", "").header("typ JWT", type, "\"JWT\"");
        }
        return rows;
    }

    private static Rows times(Origin origin) {
        String exp = "\"exp\":1800000300";
        String iat = "\"iat\":1800000000";
        int skew = origin.isOwn() ? 60 : 30;
        Rows rows = new Rows(origin)
                .claims("exp absent", "," + exp, "")
                .claims("exp null", exp, "\"exp\":null")
                .claims("exp a text", exp, "\"exp\":\"1800000300\"")
                .claims("exp true", exp, "\"exp\":true")
                .claims("exp a list", exp, "\"exp\":[1800000300]")
                .claims("exp 1.5", exp, "\"exp\":1.5")
                .claims("exp with a half", exp, "\"exp\":1800000300.5")
                .claims("exp with a zero after the point", exp, "\"exp\":1800000300.0")
                .claims("exp with an exponent", exp, "\"exp\":18000003e2")
                .claims("exp 1e300", exp, "\"exp\":1e300")
                .claims("exp 2^63", exp, "\"exp\":9223372036854775808")
                .claims("exp 2^64 and five minutes", exp, "\"exp\":18446744075509551916")
                .claims("exp -1", exp, "\"exp\":-1")
                .claims("exp 0", exp, "\"exp\":0")
                .claims("exp 1e1000000000", exp, "\"exp\":1e1000000000")
                .claims("exp in milliseconds", exp, "\"exp\":1800000300000")
                .claims("exp as iat", exp, "\"exp\":1800000000")
                .claims("exp before iat", exp, "\"exp\":1799999990")
                .claims("a life of ten years", exp, "\"exp\":2115360000")
                .claims("a life of an hour and a second", exp, "\"exp\":1800003601")
                .claims("iat absent", iat + ",", "")
                .claims("iat a text", iat, "\"iat\":\"1800000000\"")
                .claims("iat null", iat, "\"iat\":null")
                .claims("iat 1e300", iat, "\"iat\":1e300")
                .claims("iat in an hour", iat + "," + exp, "\"iat\":1800003600,\"exp\":1800003900")
                .claims("iat ahead of the tolerance", iat, "\"iat\":" + (1_800_000_001 + skew))
                .claim("nbf ahead of the tolerance", "\"nbf\":" + (1_800_000_001 + skew))
                .claim("nbf a text", "\"nbf\":\"1800000000\"");
        List<Integer> late = origin.isOwn() ? List.of(0, 1, 30) : List.of(30, 31, 3_600);
        for (int seconds : late) {
            rows.claims(
                    "exp " + seconds + " s ago",
                    iat + "," + exp,
                    "\"iat\":" + (1_799_999_700 - seconds) + ",\"exp\":" + (1_800_000_000 - seconds));
        }
        return rows;
    }

    private static Rows claims(Origin origin) {
        String subject = "\"sub\":\"alice\"";
        String audience = "\"aud\":\"" + AUDIENCE + "\"";
        Rows rows = new Rows(origin)
                .claims("aud of another service", AUDIENCE, "https://other.example.com")
                .claims("aud in other case", AUDIENCE, "https://ORDERS.example.com")
                .claims("aud absent", audience + ",", "")
                .claims("aud a list without this service", audience, "\"aud\":[\"https://other.example.com\"]")
                .claims("aud an empty list", audience, "\"aud\":[]")
                .claims("aud a list with a number", audience, "\"aud\":[\"" + AUDIENCE + "\",1]")
                .claims("aud an object", audience, "\"aud\":{\"" + AUDIENCE + "\":1}")
                .claims("iss of another issuer", "\"iss\":\"", "\"iss\":\"https://evil.example.com/?")
                .claims("iss a list", "\"iss\":", "\"iss\":[\"x\"],\"old\":")
                .claims("iss absent", "\"iss\":", "\"old\":")
                .claims("sub a number", subject, "\"sub\":17")
                .claims("sub null", subject, "\"sub\":null")
                .claims("sub empty", subject, "\"sub\":\"\"")
                .claims("sub a list", subject, "\"sub\":[\"alice\"]")
                .claims("sub with a lone surrogate", subject, "\"sub\":\"alice\\uD800\"")
                .claims("sub with surrogates in the wrong order", subject, "\"sub\":\"\\uDC00\\uD800\"")
                .claims("sub with a line break", subject, "\"sub\":\"alice\\nadmin\"")
                .claims("sub of 257 characters", subject, "\"sub\":\"" + "a".repeat(257) + "\"")
                .claims("sub twice", subject, subject + ",\"sub\":\"admin\"")
                .claims("sub twice, once escaped", subject, subject + ",\"\\u0073ub\":\"admin\"")
                .claim("another claim twice", "\"role\":\"user\",\"role\":\"admin\"")
                .claim("a name twice within a claim", "\"role\":{\"a\":1,\"a\":2}")
                .claims("exp twice", "\"exp\":1800000300", "\"exp\":1800000300,\"exp\":1800003600")
                .claim(
                        "cnf of a key, sent as Bearer",
                        "\"cnf\":{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}")
                .claim(
                        "cnf of a certificate, sent as Bearer",
                        "\"cnf\":{\"x5t#S256\":\"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN\"}")
                .claim("cnf null", "\"cnf\":null")
                .claims("BOM before the claims", "\uFEFF" + origin.claims())
                .claims("JSON after the claims", origin.claims() + "{\"sub\":\"admin\"}")
                .claims("text after the claims", origin.claims() + "x")
                .claims("a comment after the claims", origin.claims() + "//")
                .claims("a comment in the claims", "{", "{/*,*/")
                .claims("single quotes", origin.claims().replace('"', '\''))
                .claims("names without quotes", "\"sub\"", "sub")
                .claims("a comma too many", "}", ",}")
                .claim("NaN", "\"a\":NaN")
                .claims("the claims a list", "[" + origin.claims() + "]")
                .claims("the claims a text", "\"alice\"")
                .claims("the claims no JSON", "sub=alice")
                .claims("no claims", "{}");
        if (origin.isOwn()) {
            rows.claims("the foreign issuer's claims by this application's key", FOREIGN.claims())
                    .claims("sid absent", "\"sid\"", "\"old\"")
                    .claims("jti absent", "\"jti\"", "\"old\"")
                    .claims("no session key", "\"sojourn_key\"", "\"old\"")
                    .claims("an empty session key", "B".repeat(43), "")
                    .claims("client_id absent", "\"client_id\"", "\"old\"");
        } else {
            rows.claims("this application's claims by the foreign issuer's key", OWN.claims());
        }
        return rows;
    }

    private static Rows sizes(Origin origin) {
        String fits = "[".repeat(2_500) + "]".repeat(2_500);
        return new Rows(origin)
                .claim("5,000 levels", "\"deep\":" + "[".repeat(5_000) + "]".repeat(5_000))
                .claim("2,500 levels, in a token that is short enough", "\"deep\":" + fits)
                .claim("100 levels of objects", "\"deep\":" + "{\"a\":".repeat(100) + "1" + "}".repeat(100))
                .claim("a number of 200,000 digits", "\"n\":" + "9".repeat(200_000))
                .claim("exp of 5,000 digits, in a token that is short enough", "\"nbf\":" + "9".repeat(5_000))
                .claim(
                        "a claim of 250 kB, near the most that the server takes",
                        "\"a\":\"" + "x".repeat(250_000) + "\"")
                .text(
                        "8,193 characters",
                        origin.good() + "A".repeat(8_193 - origin.good().length()));
    }

    private static Rows spellings(Origin origin) {
        String good = origin.good();
        List<String> parts = List.of(good.split("\\.", -1));
        String signed = parts.get(0) + "." + parts.get(1) + ".";
        byte[] signature = Base64.getUrlDecoder().decode(parts.get(2));
        Rows rows = new Rows(origin)
                .text("an empty signature", signed)
                .text("half a signature", signed + Forge.encode(Arrays.copyOf(signature, signature.length / 2)))
                .text("a signature of zeros", signed + Forge.encode(new byte[signature.length]))
                .text(
                        "a signature with a byte more",
                        signed + Forge.encode(Arrays.copyOf(signature, signature.length + 1)))
                .text(
                        "the signature of another token",
                        signed + Forge.part(origin.key().token(origin.header(), "{}", origin.signature()), 2))
                .text("unused bits in the last character", signed + withUnusedBit(parts.get(2)))
                .text("padding with =", good + "=")
                .text("padding with ==", good + "==")
                .text("padding of the header", parts.get(0) + "=." + parts.get(1) + "." + parts.get(2))
                .text(
                        "base64 instead of base64url",
                        signed + Base64.getEncoder().withoutPadding().encodeToString(plusAndSlash(origin)))
                .text("a blank within", good.substring(0, 50) + " " + good.substring(50))
                .text("a tab within", good.substring(0, 50) + "\t" + good.substring(50))
                .text("an escaped line break after it", good + "%0A")
                .text("a character of two bytes in UTF-8", "\u00ff" + good);
        for (int part = 0; part < 3; part++) {
            byte[] bytes = Base64.getUrlDecoder().decode(parts.get(part));
            for (int at : new int[] {0, bytes.length / 2, bytes.length - 1}) {
                byte[] flipped = bytes.clone();
                flipped[at] ^= 1;
                List<String> changed = new ArrayList<>(parts);
                changed.set(part, Forge.encode(flipped));
                rows.text("a bit flipped in byte " + at + " of part " + part, String.join(".", changed));
            }
            for (String character : List.of("A", "_", ".")) {
                List<String> changed = new ArrayList<>(parts);
                changed.set(
                        part,
                        new StringBuilder(parts.get(part)).insert(7, character).toString());
                rows.text("an inserted " + character + " in part " + part, String.join(".", changed));
            }
            List<String> changed = new ArrayList<>(parts);
            changed.set(part, new StringBuilder(parts.get(part)).deleteCharAt(7).toString());
            rows.text("a character less in part " + part, String.join(".", changed));
        }
        if (origin.isOwn()) {
            byte[] content = signed.substring(0, signed.length() - 1).getBytes(StandardCharsets.US_ASCII);
            rows.text("a signature in DER", signed + Forge.encode(MINE.sign(content, "SHA256withECDSA")));
        }
        return rows;
    }

    /** Returns a signature whose base64 has characters that base64url does not have. */
    private static byte[] plusAndSlash(Origin origin) {
        byte[] signature = Base64.getUrlDecoder().decode(Forge.part(origin.good(), 2));
        signature[0] = (byte) 0xfb;
        signature[1] = (byte) 0xff;
        return signature;
    }

    /** The last character has bits that no byte needs; the next one of the alphabet has one of them set. */
    private static String withUnusedBit(String part) {
        int last = part.length() - 1;
        char next = Texts.BASE64URL.charAt(Texts.BASE64URL.indexOf(part.charAt(last)) + 1);
        return part.substring(0, last) + next;
    }

    private static Rows kinds(Origin origin) {
        String good = origin.good();
        List<String> parts = List.of(good.split("\\.", -1));
        String unsigned = Forge.encode("{\"alg\":\"none\"}") + "." + Forge.encode(origin.claims()) + ".";
        String flattened = "\"protected\":\"" + parts.get(0) + "\",\"signature\":\"" + parts.get(2) + "\"";
        return new Rows(origin)
                .claims("a token in a token", good)
                .claims("an unsigned token in a token", unsigned)
                .text(
                        "an unsigned token in a token that says so",
                        origin.key()
                                .token(
                                        Rows.replace(origin.header(), "{", "{\"cty\":\"JWT\","),
                                        unsigned,
                                        origin.signature()))
                .text("the flattened JSON serialization", "{\"payload\":\"" + parts.get(1) + "\"," + flattened + "}")
                .text(
                        "the general JSON serialization",
                        "{\"payload\":\"" + parts.get(1) + "\",\"signatures\":[{" + flattened + "}]}")
                .text(
                        "the JSON serialization in base64",
                        Forge.encode("{\"payload\":\"" + parts.get(1) + "\"," + flattened + "}"))
                .text(
                        "a sealed token",
                        AccessTokens.sealed(Jwe.secret(Texts.SECRET)).issue(token()))
                .text("five parts", parts.get(0) + "..AAAAAAAAAAAAAAAA." + parts.get(1) + "." + parts.get(2))
                .text("a detached payload", parts.get(0) + ".." + parts.get(2))
                .text("four parts", good + ".AAAA")
                .text("two parts", parts.get(0) + "." + parts.get(1))
                .text("one part", parts.get(0))
                .text("a dot before it", "." + good)
                .text("a dot after it", good + ".")
                .text("two dots", "..")
                .text("base64url of it", Forge.encode(good))
                .text("it twice", good + good)
                .text("a word", "x");
    }

    private static AccessToken token() {
        Instant now = CLOCK.instant();
        return new AccessToken(
                null,
                "alice",
                null,
                "A".repeat(22),
                StoreKey.of("B".repeat(43)),
                now,
                now,
                now.plusSeconds(300),
                JsonMembers.EMPTY.with("role", "\"admin\"".getBytes(StandardCharsets.UTF_8)));
    }

    /** Servers refuse a bare line break in a header, or join folded lines (RFC 9112 §5.2). */
    @ParameterizedTest
    @MethodSource("lineBreaks")
    void a_line_break_within_a_token_gives_no_access(String lineBreak) throws IOException {
        for (Origin origin : List.of(OWN, FOREIGN)) {
            String good = origin.good();
            for (int at : new int[] {1, 50, good.length() - 1}) {
                Response response = service.get(good.substring(0, at) + lineBreak + good.substring(at));

                assertThat(response.status()).as("at %d", at).isIn(400, 401);
            }
        }
    }

    static Stream<String> lineBreaks() {
        return Stream.of("\r\n ", "\r\n\t", "\n");
    }

    // ---- what is accepted

    static Stream<Row> accepted() {
        Rows own = new Rows(OWN)
                .text("as it is issued", OWN.good())
                .header("typ in its long spelling", "at+jwt", "application/at+jwt")
                .header("typ in other case", "at+jwt", "AT+JWT")
                .header("typ in its long spelling and other case", "at+jwt", "Application/At+Jwt")
                .header("white space in the header", "{", "{ \r\n\t")
                .header(
                        "members in another order",
                        "{\"kid\":\"" + MY_KEY.id() + "\",\"alg\":\"ES256\",\"typ\":\"at+jwt\"}")
                .claims(
                        "aud in a list",
                        "\"aud\":\"" + AUDIENCE + "\"",
                        "\"aud\":[\"https://other.example.com\",\"" + AUDIENCE + "\"]")
                .claims("white space in the claims", "{", "{\n ")
                .claims(
                        "exp in a second",
                        "\"iat\":1800000000,\"exp\":1800000300",
                        "\"iat\":1799999701,\"exp\":1800000001")
                .claims("a life of an hour", "\"exp\":1800000300", "\"exp\":1800003600")
                .claims("iat a minute ahead", "\"iat\":1800000000", "\"iat\":1800000060")
                .text("the other spelling of the signature", withOtherSignature(OWN.good()));
        Rows foreign = new Rows(FOREIGN)
                .text("as it is issued", FOREIGN.good())
                .header("typ at+jwt", "\"JWT\"", "\"at+jwt\"")
                .header("typ in its long spelling", "\"JWT\"", "\"application/at+jwt\"")
                .header("typ in other case", "\"JWT\"", "\"jwt\"")
                .header("typ absent", "\"typ\":\"JWT\",", "")
                .member("x5t", "\"x5t\":\"L1KfKFI_jnXbwWc22xZxw1sUHH0\"")
                .claims("aud in a list", "\"aud\":\"" + AUDIENCE + "\"", "\"aud\":[\"account\",\"" + AUDIENCE + "\"]")
                .claims(
                        "exp 29 s ago",
                        "\"iat\":1800000000,\"exp\":1800000300",
                        "\"iat\":1799999671,\"exp\":1799999971")
                .claims("iat 30 s ahead", "\"iat\":1800000000", "\"iat\":1800000030")
                .claim("nbf 30 s ahead", "\"nbf\":1800000030");
        return Stream.of(own, foreign).flatMap(Rows::stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void a_token_that_only_looks_unusual_counts(Row row) throws IOException {
        Response response = service.get(row.token());

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).startsWith("alice");
    }

    /** With ECDSA, s and n - s are both right. */
    private static String withOtherSignature(String token) {
        int dot = token.lastIndexOf('.') + 1;
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot));
        BigInteger order = new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
        byte[] s = order.subtract(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)))
                .toByteArray();
        Arrays.fill(signature, 32, 64, (byte) 0);
        int length = Math.min(s.length, 32);
        System.arraycopy(s, s.length - length, signature, 64 - length, length);
        return token.substring(0, dot) + Forge.encode(signature);
    }

    @Test
    void the_view_shows_the_claims_of_own_tokens_and_of_those_of_the_issuer() throws IOException {
        assertThat(service.get(TOKENS.issue(token())).body()).isEqualTo("alice role=admin");
        String realm = Rows.replace(
                FOREIGN.claims(), "{", "{\"scope\":\"a b\",\"realm_access\":{\"roles\":[\"buyer\"]},\"scp\":[\"a\"],");
        assertThat(service.get(THEIRS.token("JWT", realm)).body())
                .contains("scope=a b", "realm_access={roles=[buyer]}", "scp=[a]", "aud=" + AUDIENCE)
                .contains("iss=https://id.example.com/realms/shop");
    }

    // ---- requests

    @Test
    void of_two_valid_tokens_in_one_request_none_counts() throws IOException {
        String own = OWN.good();
        String foreign = FOREIGN.good();

        assertRefused(service.send("GET", "/", "", bearer(own), bearer(foreign)));
        assertRefused(service.send("GET", "/", "", bearer(own), bearer(own)));
        assertRefused(service.send("GET", "/", "", bearer(own) + ", Bearer " + foreign));
        assertRefused(service.send("GET", "/", "", bearer(own), "Authorization: Basic YWxpY2U6c2VjcmV0"));
    }

    @Test
    void a_token_in_the_url_the_body_or_a_cookie_is_not_read() throws IOException {
        String own = OWN.good();
        String foreign = FOREIGN.good();
        for (String token : List.of(own, foreign)) {
            for (Response response : List.of(
                    service.send("GET", "/?access_token=" + token, ""),
                    service.send("POST", "/", "access_token=" + token),
                    service.send("GET", "/", "", "Cookie: access_token=" + token),
                    service.send("GET", "/", "", "Authorization: DPoP " + token))) {
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("null");
            }
        }
        assertThat(service.send("POST", "/?access_token=" + foreign, "access_token=" + foreign, bearer(own))
                        .status())
                .as("the header's token counts, whatever else the request has")
                .isEqualTo(200);
    }
}
