package dev.sojourn.proof.attacks;

import static dev.sojourn.tools.SealedText.base64url;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.jwt.AccessTokens;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.ViewSite;
import dev.sojourn.tools.SealedText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/**
 * The table of attacks on sealed texts, row by row over real HTTP: texts that have the right key and content, and another
 * form than the one that is issued, as a session in a cookie and as an access token; and access tokens with another content.
 */
class A35SealedFormTest {
    private static final String HEADER = "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"KID\"}";

    /** Makes texts with one key and one content. */
    private record Forger(SecretKeySpec key, String kid, String content) {
        static Forger of(String purpose, Instant now, String content) {
            return new Forger(SealedText.key(Site.SECRET, "", purpose, now), SealedText.kid(Site.SECRET, now), content);
        }

        String right() {
            return header(HEADER);
        }

        String header(String header) {
            return header(header, utf8(content));
        }

        private String header(String header, byte[] plain) {
            return SealedText.encrypt(key, utf8(header.replace("KID", kid)), plain, 12, 16);
        }

        /** Returns texts that lenient readers open, by what is wrong with them. */
        Map<String, String> wrong() throws IOException {
            Map<String, String> texts = new LinkedHashMap<>();
            headers(texts);
            lengths(texts);
            spellings(texts);
            kinds(texts);
            return texts;
        }

        private void headers(Map<String, String> texts) throws IOException {
            String more = HEADER.substring(0, HEADER.length() - 1);
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("kid absent", "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}");
            headers.put("alg absent", "{\"enc\":\"A256GCM\",\"kid\":\"KID\"}");
            headers.put("enc absent", "{\"alg\":\"dir\",\"kid\":\"KID\"}");
            for (String algorithm :
                    List.of("none", "DIR", "A256KW", "A256GCMKW", "RSA1_5", "RSA-OAEP", "ECDH-ES", "HS256")) {
                headers.put("alg " + algorithm, HEADER.replace("dir", algorithm));
            }
            headers.put(
                    "alg PBES2 with p2c 2^31",
                    "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A256GCM\",\"kid\":\"KID\",\"p2c\":2147483647}");
            headers.put("p2c with alg dir", more + ",\"p2c\":2147483647}");
            for (String encryption : List.of("A128GCM", "a256gcm", "A256CBC-HS512", "none")) {
                headers.put("enc " + encryption, HEADER.replace("A256GCM", encryption));
            }
            for (String id : List.of("1", "null", "[\"KID\"]", "{}")) {
                headers.put("kid " + id, HEADER.replace("\"KID\"", id));
            }
            for (String id : List.of("", "../../", "' OR 1=1", "KID ", "KID\\u0000")) {
                headers.put("kid '" + id + "'", HEADER.replace("KID", id));
            }
            headers.put("kid of 2 kB", HEADER.replace("KID", "K".repeat(2_000)));
            headers.put("crit empty", more + ",\"crit\":[]}");
            headers.put("crit with a known name", more + ",\"crit\":[\"exp\"],\"exp\":1}");
            headers.put("crit with an unknown name", more + ",\"crit\":[\"later\"],\"later\":1}");
            headers.put("b64 false without crit", more + ",\"b64\":false}");
            headers.put("b64 false with crit", more + ",\"b64\":false,\"crit\":[\"b64\"]}");
            headers.put("cty JWT", more + ",\"cty\":\"JWT\"}");
            headers.put("typ JWT", more + ",\"typ\":\"JWT\"}");
            headers.put("typ at+jwt", more + ",\"typ\":\"at+jwt\"}");
            headers.put("zip without compression", more + ",\"zip\":\"DEF\"}");
            headers.put("jwk", more + ",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}");
            headers.put("jku", more + ",\"jku\":\"https://attacker.example/keys\"}");
            headers.put("x5u", more + ",\"x5u\":\"https://attacker.example/keys\"}");
            headers.put("x5c", more + ",\"x5c\":[\"AAAA\"]}");
            headers.put("epk", more + ",\"epk\":{\"kty\":\"EC\"}}");
            headers.put("kid twice", more + ",\"kid\":\"KID\"}");
            headers.put("alg twice, once escaped", more + ",\"\\u0061lg\":\"dir\"}");
            headers.put("BOM before the header", "\ufeff" + HEADER);
            headers.put("JSON after the header", HEADER + "{}");
            headers.put("a comment after the header", HEADER + "//");
            headers.put("a comment before the header", "/**/" + HEADER);
            headers.put("a comment in the header", HEADER.replace("{", "{/**/"));
            headers.put("single quotes in the header", HEADER.replace('"', '\''));
            headers.put("the header a list", "[" + HEADER + "]");
            headers.put("1,000 levels in the header", more + ",\"x\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}");
            for (Map.Entry<String, String> header : headers.entrySet()) {
                texts.put(header.getKey(), header(header.getValue()));
            }
            texts.put("zip with compression", header(more + ",\"zip\":\"DEF\"}", deflate(utf8(content))));
            byte[] bomb = deflate(new byte[2_000_000]);
            texts.put("zip with 2 MB in " + bomb.length + " bytes", header(more + ",\"zip\":\"DEF\"}", bomb));
        }

        private void lengths(Map<String, String> texts) {
            byte[] rightHeader = utf8(HEADER.replace("KID", kid));
            for (int tag : List.of(12, 13, 14, 15)) {
                texts.put("a tag of " + tag + " bytes", SealedText.encrypt(key, rightHeader, utf8(content), 12, tag));
            }
            for (int vector : List.of(1, 8, 11, 13, 16)) {
                texts.put(
                        "a vector of " + vector + " bytes",
                        SealedText.encrypt(key, rightHeader, utf8(content), vector, 16));
            }
            String right = right();
            texts.put("an encrypted key", right.replace("..", ".AAAA."));
            texts.put("no tag", right.substring(0, right.lastIndexOf('.') + 1));
            texts.put("half a tag", right.substring(0, right.length() - 11));
            texts.put("more than 8,192 characters", header(HEADER, new byte[6_200]));
        }

        private void spellings(Map<String, String> texts) {
            String right = right();
            texts.put("=", right + "=");
            texts.put("==", right + "==");
            texts.put("a dot after it", right + ".");
            texts.put("a dot before it", "." + right);
            texts.put("a blank within", right.substring(0, 60) + " " + right.substring(60));
            texts.put("a tab within", right.substring(0, 60) + "\t" + right.substring(60));
            texts.put("an escaped line break", right + "%0A");
            texts.put(
                    "unused bits in the last character",
                    right.substring(0, right.length() - 1) + withUnusedBit(right.charAt(right.length() - 1)));
            List<String> parts = List.of(right.split("\\.", -1));
            for (int part : List.of(0, 2, 3, 4)) {
                byte[] bytes = Base64.getUrlDecoder().decode(parts.get(part));
                for (int at : new int[] {0, bytes.length / 2, bytes.length - 1}) {
                    byte[] flipped = bytes.clone();
                    flipped[at] ^= 1;
                    texts.put(
                            "a bit flipped in byte " + at + " of part " + part, with(parts, part, base64url(flipped)));
                }
                String text = parts.get(part);
                texts.put(
                        "a character more in part " + part,
                        with(parts, part, text.substring(0, 5) + "A" + text.substring(5)));
                texts.put(
                        "a character less in part " + part,
                        with(parts, part, text.substring(0, 5) + text.substring(6)));
            }
        }

        private static String with(List<String> parts, int part, String text) {
            List<String> changed = new ArrayList<>(parts);
            changed.set(part, text);
            return String.join(".", changed);
        }

        private void kinds(Map<String, String> texts) {
            String right = right();
            List<String> parts = List.of(right.split("\\.", -1));
            texts.put("unsigned", base64url(utf8("{\"alg\":\"none\"}")) + "." + base64url(utf8(content)) + ".");
            String signed =
                    base64url(utf8("{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}")) + "." + base64url(utf8(content));
            texts.put("signed with the sealing key", signed + "." + base64url(hmac(key, signed)));
            texts.put("signed with a tag", signed + "." + parts.get(4));
            texts.put(
                    "JSON serialization",
                    "{\"protected\":\"" + parts.get(0) + "\",\"iv\":\"" + parts.get(2) + "\",\"ciphertext\":\""
                            + parts.get(3) + "\",\"tag\":\"" + parts.get(4) + "\"}");
            texts.put("sealed twice", header(HEADER, utf8(right)));
            texts.put("an unsigned token, sealed", header(HEADER, utf8(texts.get("unsigned"))));
            texts.put("a signed token, sealed", header(HEADER, utf8(texts.get("signed with the sealing key"))));
            texts.put("base64url of it", base64url(utf8(right)));
        }

        private static byte[] hmac(SecretKeySpec key, String text) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
                return mac.doFinal(utf8(text));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** A tag of 22 characters has four bits too many: the next character has one of them set. */
        private static char withUnusedBit(char last) {
            return (char) (last + 1);
        }

        private static byte[] deflate(byte[] content) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (DeflaterOutputStream deflater =
                    new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, true))) {
                deflater.write(content);
            }
            return out.toByteArray();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_session_in_another_form_than_the_issued_one_reads_as_absent() throws IOException {
        try (SealedSite site = new SealedSite(c -> {})) {
            Instant now = site.clock().instant();
            Forger forger = Forger.of(
                    "session __Host-id",
                    now,
                    "{\"format\":1,\"created\":%d,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\",\"expires\":%d,\"subject\":\"alice\"}"
                            .formatted(
                                    now.toEpochMilli(),
                                    now.plus(Duration.ofHours(1)).toEpochMilli()));
            assertThat(site.getAs(forger.right(), "/subject").body())
                    .as("the forger has the right key")
                    .isEqualTo("alice");

            forger.wrong().forEach((name, text) -> {
                RawResponse response = site.getAs(text, "/subject");
                assertThat(response.status()).as(name).isEqualTo(200);
                assertThat(response.body()).as(name).isEqualTo("null");
            });
        }
    }

    @Test
    void an_access_token_in_another_form_than_the_issued_one_is_refused_without_a_reason() throws IOException {
        try (ViewSite site = ViewSite.trusting(AccessTokens.sealed(Jwe.secret(Site.SECRET)))) {
            Instant now = site.clock().instant();
            Forger forger = Forger.of(
                    "access",
                    now,
                    "{\"sub\":\"alice\",\"iat\":%d,\"exp\":%d}"
                            .formatted(now.toEpochMilli(), now.plusSeconds(300).toEpochMilli()));
            assertThat(site.getAs(forger.right(), "/subject").body())
                    .as("the forger has the right key")
                    .isEqualTo("alice");

            forger.wrong().forEach((name, text) -> assertRefused(site.getAs(text, "/subject"), name));
        }
    }

    @Test
    void an_access_token_with_another_content_than_the_issued_one_is_refused_without_a_reason() {
        try (ViewSite site = ViewSite.trusting(AccessTokens.sealed(Jwe.secret(Site.SECRET)))) {
            Instant now = site.clock().instant();
            String iat = "\"iat\":" + now.toEpochMilli();
            String times = iat + ",\"exp\":" + now.plusSeconds(300).toEpochMilli();
            String alice = "{\"sub\":\"alice\",";
            List<String> contents = new ArrayList<>(List.of(
                    "{}",
                    "not JSON",
                    "\"alice\"",
                    "[" + alice + times + "}]",
                    alice + iat + "}",
                    alice + "\"exp\":" + now.plusSeconds(300).toEpochMilli() + "}",
                    alice + times + ",\"sub\":\"admin\"}",
                    alice + times + ",\"\\u0073ub\":\"admin\"}",
                    "{\"sub\":\"\\ud800\"," + times + "}",
                    "{\"sub\":\"a\\nb\"," + times + "}",
                    "{\"sub\":\"" + "a".repeat(257) + "\"," + times + "}",
                    "{\"sub\":\"\"," + times + "}",
                    "{\"sub\":null," + times + "}",
                    "{\"sub\":1," + times + "}",
                    alice + times + ",\"cnf\":{\"jkt\":\"AAAA\"}}",
                    alice + times + ",\"claims\":{\"cnf\":{\"jkt\":\"AAAA\"}}}",
                    alice + times + ",\"aud\":\"https://other.example.com\"}",
                    alice + times + ",\"other\":1}",
                    alice + times + ",\"claims\":{\"role\":\"user\",\"role\":\"admin\"}}",
                    alice + times + ",\"claims\":" + "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000) + "}",
                    alice + times + ",\"claims\":{\"a\":" + "[".repeat(2_500) + "]".repeat(2_500) + "}}",
                    alice + times + ",\"claims\":{\"a\":" + "9".repeat(200_000) + "}}",
                    alice + times + ",\"claims\":{\"a\":\"" + "x".repeat(250_000) + "\"}}",
                    alice + times + "}{}",
                    alice + times + "}//",
                    alice + "/**/" + times + "}",
                    (alice + times + "}").replace('"', '\''),
                    "\ufeff" + alice + times + "}"));
            for (String exp : List.of(
                    "null",
                    "\"" + now.plusSeconds(300).toEpochMilli() + "\"",
                    "1.5",
                    "1e300",
                    "1e1000000000",
                    "9223372036854775808",
                    "-1",
                    "0",
                    "true",
                    "9".repeat(1_000),
                    Long.toString(now.plus(Duration.ofDays(3_650)).toEpochMilli()),
                    Long.toString(now.plus(Duration.ofHours(1)).toEpochMilli() + 1),
                    Long.toString(now.toEpochMilli()),
                    Long.toString(now.minusSeconds(1).toEpochMilli()))) {
                contents.add(alice + iat + ",\"exp\":" + exp + "}");
            }
            contents.add(alice + "\"iat\":" + now.minusSeconds(300).toEpochMilli() + ",\"exp\":"
                    + now.minusSeconds(1).toEpochMilli() + "}");
            contents.add(alice + "\"iat\":" + now.plusSeconds(3_600).toEpochMilli() + ",\"exp\":"
                    + now.plusSeconds(3_900).toEpochMilli() + "}");
            for (String content : contents) {
                assertRefused(
                        site.getAs(Forger.of("access", now, content).right(), "/subject"),
                        content.length() > 500 ? content.substring(0, 500) : content);
            }
        }
    }

    private static void assertRefused(RawResponse response, String sent) {
        assertThat(response.status()).as(sent).isEqualTo(401);
        assertThat(response.headers("WWW-Authenticate")).as(sent).containsExactly("Bearer error=\"invalid_token\"");
        assertThat(response.body()).as(sent).isEqualTo("The token is not valid. Please sign in again.\n");
    }
}
