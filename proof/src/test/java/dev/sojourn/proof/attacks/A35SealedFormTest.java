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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/**
 * Sealed texts that have the right key and content, and another form than the one that is issued: as a session in a cookie,
 * and as an access token.
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

        /** Returns texts that lenient readers open. */
        List<String> wrong() throws IOException {
            String more = HEADER.substring(0, HEADER.length() - 1);
            List<String> texts = new ArrayList<>();
            for (String header : List.of(
                    "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}",
                    "{\"enc\":\"A256GCM\",\"kid\":\"KID\"}",
                    "{\"alg\":\"dir\",\"kid\":\"KID\"}",
                    "{\"alg\":\"none\",\"enc\":\"A256GCM\",\"kid\":\"KID\"}",
                    "{\"alg\":\"A256KW\",\"enc\":\"A256GCM\",\"kid\":\"KID\"}",
                    "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A256GCM\",\"kid\":\"KID\",\"p2c\":2147483647}",
                    "{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"kid\":\"KID\"}",
                    "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":1}",
                    "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"../../\"}",
                    "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"' OR 1=1\"}",
                    "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"" + "K".repeat(2_000) + "\"}",
                    more + ",\"crit\":[]}",
                    more + ",\"crit\":[\"exp\"],\"exp\":1}",
                    more + ",\"b64\":false}",
                    more + ",\"b64\":false,\"crit\":[\"b64\"]}",
                    more + ",\"cty\":\"JWT\"}",
                    more + ",\"typ\":\"JWT\"}",
                    more + ",\"zip\":\"DEF\"}",
                    more + ",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}}",
                    more + ",\"jku\":\"https://attacker.example/keys\"}",
                    more + ",\"x5u\":\"https://attacker.example/keys\"}",
                    more + ",\"x5c\":[\"AAAA\"]}",
                    more + ",\"kid\":\"KID\"}",
                    more + ",\"\\u0061lg\":\"dir\"}",
                    "\ufeff" + HEADER,
                    HEADER + "{}",
                    HEADER + "//",
                    "/**/" + HEADER,
                    HEADER.replace('"', '\''))) {
                texts.add(header(header));
            }
            texts.add(header(more + ",\"zip\":\"DEF\"}", deflate(utf8(content))));
            byte[] rightHeader = utf8(HEADER.replace("KID", kid));
            for (int tag : List.of(12, 13, 14, 15)) {
                texts.add(SealedText.encrypt(key, rightHeader, utf8(content), 12, tag));
            }
            for (int vector : List.of(1, 8, 16)) {
                texts.add(SealedText.encrypt(key, rightHeader, utf8(content), vector, 16));
            }
            String right = right();
            String[] parts = right.split("\\.", -1);
            texts.add(right.replace("..", ".AAAA."));
            texts.add(right + "=");
            texts.add(right + "==");
            texts.add(right + ".");
            texts.add(right.substring(0, right.length() - 1) + withUnusedBit(right.charAt(right.length() - 1)));
            texts.add(base64url(utf8("{\"alg\":\"none\"}")) + "." + base64url(utf8(content)) + ".");
            texts.add(base64url(utf8("{\"alg\":\"HS256\"}")) + "." + base64url(utf8(content)) + "." + parts[4]);
            texts.add(base64url(utf8(right)));
            return texts;
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

            for (String text : forger.wrong()) {
                RawResponse response = site.getAs(text, "/subject");
                assertThat(response.status()).as(text).isEqualTo(200);
                assertThat(response.body()).as(text).isEqualTo("null");
            }
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

            for (String text : forger.wrong()) {
                assertRefused(site.getAs(text, "/subject"), text);
            }
        }
    }

    @Test
    void an_access_token_with_another_content_than_the_issued_one_is_refused_without_a_reason() {
        try (ViewSite site = ViewSite.trusting(AccessTokens.sealed(Jwe.secret(Site.SECRET)))) {
            Instant now = site.clock().instant();
            String times = "\"iat\":%d,\"exp\":%d"
                    .formatted(now.toEpochMilli(), now.plusSeconds(300).toEpochMilli());
            for (String content : List.of(
                    "{}",
                    "not JSON",
                    "{\"sub\":\"alice\",\"iat\":" + now.toEpochMilli() + "}",
                    "{\"sub\":\"alice\",\"iat\":" + now.toEpochMilli() + ",\"exp\":1e300}",
                    "{\"sub\":\"alice\",\"iat\":" + now.toEpochMilli() + ",\"exp\":1e1000000000}",
                    "{\"sub\":\"alice\",\"iat\":" + now.toEpochMilli() + ",\"exp\":9223372036854775808}",
                    "{\"sub\":\"alice\",\"iat\":" + now.toEpochMilli() + ",\"exp\":"
                            + now.plus(Duration.ofDays(3_650)).toEpochMilli() + "}",
                    "{\"sub\":\"alice\",\"iat\":" + now.toEpochMilli() + ",\"exp\":" + now.toEpochMilli() + "}",
                    "{\"sub\":\"alice\"," + times + ",\"sub\":\"admin\"}",
                    "{\"sub\":\"\\ud800\"," + times + "}",
                    "{\"sub\":1," + times + "}",
                    "{\"sub\":\"alice\"," + times + ",\"cnf\":{\"jkt\":\"AAAA\"}}",
                    "{\"sub\":\"alice\"," + times + ",\"other\":1}",
                    "{\"sub\":\"alice\"," + times + ",\"claims\":{\"role\":\"user\",\"role\":\"admin\"}}",
                    "{\"sub\":\"alice\"," + times + ",\"claims\":" + "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000)
                            + "}",
                    "{\"sub\":\"alice\"," + times + "}{}",
                    "\ufeff{\"sub\":\"alice\"," + times + "}")) {
                assertRefused(site.getAs(Forger.of("access", now, content).right(), "/subject"), content);
            }
        }
    }

    private static void assertRefused(RawResponse response, String sent) {
        assertThat(response.status()).as(sent).isEqualTo(401);
        assertThat(response.headers("WWW-Authenticate")).as(sent).containsExactly("Bearer error=\"invalid_token\"");
        assertThat(response.body()).as(sent).isEqualTo("The token is not valid. Please sign in again.\n");
    }
}
