package dev.sojourn.jwt;

import static dev.sojourn.jwt.Texts.DAY;
import static dev.sojourn.jwt.Texts.NOW;
import static dev.sojourn.jwt.Texts.OTHER;
import static dev.sojourn.jwt.Texts.SECRET;
import static dev.sojourn.jwt.Texts.base64url;
import static dev.sojourn.jwt.Texts.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.PasswordBasedEncrypter;
import dev.sojourn.spi.SealFormat.Opened;
import dev.sojourn.tools.SealedText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class JweTest {
    private static final String COOKIE = "session __Host-id";
    private static final String EMPTY =
            "{\"format\":1,\"created\":1795464236327,\"id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"expires\":1795464236327}";
    private static final String LAB_SEED =
            "{\"format\":1,\"created\":1795464236327,\"id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"expires\":1795464236327,"
                    + "\"subject\":\"alice\",\"attributes\":{\"user\":\"alice\",\"theme\":\"dark\",\"locale\":\"en_GB\",\"cart\":17}}";

    private final Jwe shop = Jwe.secret(SECRET).application("shop").forPurpose(COOKIE);

    @Test
    void what_is_sealed_opens_again_with_the_same_secret_application_and_purpose() {
        String text = shop.seal(utf8("content"), NOW);

        assertThat(text).matches("[A-Za-z0-9_-]{59}\\.\\.[A-Za-z0-9_-]{16}\\.[A-Za-z0-9_-]{10}\\.[A-Za-z0-9_-]{22}");
        assertThat(content(shop, text)).isEqualTo("content");
        assertThat(content(Jwe.secret(SECRET).forPurpose(COOKIE).application("shop"), text))
                .isEqualTo("content");
        assertThat(content(shop, shop.seal(new byte[0], NOW))).isEmpty();
    }

    @Test
    void equal_contents_have_different_texts() {
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            texts.add(shop.seal(utf8("content"), NOW));
        }

        assertThat(texts).hasSize(100);
    }

    @Test
    void a_text_of_another_application_purpose_or_secret_does_not_open() {
        String text = shop.seal(utf8("content"), NOW);

        for (Jwe other : List.of(
                Jwe.secret(SECRET).forPurpose(COOKIE),
                Jwe.secret(SECRET).application("shop2").forPurpose(COOKIE),
                Jwe.secret(SECRET).application("shop").forPurpose("session id"),
                Jwe.secret(SECRET).application("shop").forPurpose("access"),
                Jwe.secret(SECRET).application("shop"),
                // The same characters with another border between application and purpose.
                Jwe.secret(SECRET).application("sho").forPurpose("p" + COOKIE),
                Jwe.secret(SECRET).application("").forPurpose("shop" + COOKIE),
                Jwe.secret(SECRET).application("shop" + COOKIE))) {
            assertThat(open(other, text)).isEqualTo(new Opened.Refused());
        }
        assertThat(open(Jwe.secret(OTHER).application("shop").forPurpose(COOKIE), text))
                .isEqualTo(new Opened.UnknownKey());
    }

    @Test
    void a_secret_is_replaced_in_steps_and_every_node_opens_what_the_others_seal() {
        Jwe before = Jwe.secret(SECRET);
        Jwe prepared = Jwe.secret(SECRET, OTHER);
        Jwe turned = Jwe.secret(OTHER, SECRET);
        Jwe after = Jwe.secret(OTHER);
        byte[] content = utf8("content");

        for (Jwe old : List.of(before, prepared)) {
            for (Jwe node : List.of(before, prepared)) {
                assertThat(opened(node, old.seal(content, NOW)).outdated()).isFalse();
            }
            assertThat(opened(turned, old.seal(content, NOW)).outdated()).isTrue();
            assertThat(open(after, old.seal(content, NOW))).isEqualTo(new Opened.UnknownKey());
        }
        for (Jwe fresh : List.of(turned, after)) {
            assertThat(open(before, fresh.seal(content, NOW))).isEqualTo(new Opened.UnknownKey());
            assertThat(opened(prepared, fresh.seal(content, NOW)).outdated()).isTrue();
            assertThat(opened(turned, fresh.seal(content, NOW)).outdated()).isFalse();
            assertThat(opened(after, fresh.seal(content, NOW)).outdated()).isFalse();
        }
    }

    /** 18 bits name a secret: of some hundred secrets, two have the same name. */
    @Test
    void two_secrets_with_the_same_name_are_both_tried() {
        Map<String, String> secretsByName = new HashMap<>();
        String one = null;
        String other = "";
        for (int i = 0; one == null; i++) {
            other = SECRET + i;
            one = secretsByName.put(SealedText.kid(other, NOW), other);
        }
        String text = Jwe.secret(other).seal(utf8("content"), NOW);

        assertThat(open(Jwe.secret(one), text)).isEqualTo(new Opened.Refused());
        assertThat(opened(Jwe.secret(one, other), text).outdated()).isTrue();
        assertThat(opened(Jwe.secret(other, one), text).outdated()).isFalse();
    }

    @Test
    void many_threads_use_one_format_at_once() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                String content = "content " + i;
                Instant time = NOW.minus(Duration.ofDays(i % 300));
                tasks.add(() -> shop.open(shop.seal(utf8(content), time), NOW, Duration.ofDays(1_000))
                                instanceof Opened.Content opened
                        && new String(opened.bytes(), UTF_8).equals(content));
            }
            for (Future<Boolean> each : threads.invokeAll(tasks)) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_key_is_named_by_its_secret_and_its_utc_day() {
        String kid = kid(shop.seal(utf8("content"), NOW));
        String lastOfDay = kid(shop.seal(utf8("content"), Instant.parse("2026-11-30T23:59:59.999Z")));
        String nextDay = kid(shop.seal(utf8("content"), Instant.parse("2026-12-01T00:00:00Z")));
        String otherApplication = kid(Jwe.secret(SECRET).seal(utf8("content"), NOW));
        String otherSecret = kid(Jwe.secret(OTHER).seal(utf8("content"), NOW));

        assertThat(kid).hasSize(6).isEqualTo(lastOfDay).isEqualTo(otherApplication);
        assertThat(nextDay).startsWith(kid.substring(0, 3)).isNotEqualTo(kid);
        assertThat(otherSecret).endsWith(kid.substring(3)).isNotEqualTo(kid);
        assertThat(kid).isEqualTo(SealedText.kid(SECRET, NOW));
    }

    @Test
    void a_text_of_a_day_that_is_too_old_is_refused_whatever_its_secret() {
        String text = shop.seal(utf8("content"), Instant.parse("2026-11-28T00:00:00Z"));
        Jwe unknown = Jwe.secret(OTHER).forPurpose(COOKIE);
        Instant last = Instant.parse("2026-11-30T11:59:59.999Z");
        Duration maxAge = Duration.ofHours(36);

        assertThat(shop.open(text, last, maxAge)).isInstanceOf(Opened.Content.class);
        assertThat(unknown.open(text, last, maxAge)).isEqualTo(new Opened.UnknownKey());
        assertThat(shop.open(text, NOW, maxAge)).isEqualTo(new Opened.Refused());
        assertThat(unknown.open(text, NOW, maxAge)).isEqualTo(new Opened.Refused());
        assertThat(shop.open(text, NOW, Duration.ofSeconds(Long.MAX_VALUE))).isInstanceOf(Opened.Content.class);
    }

    @Test
    void a_text_of_a_day_that_begins_in_the_future_is_refused_except_for_clock_skew() {
        Instant midnight = Instant.parse("2026-12-01T00:00:00Z");
        String text = shop.seal(utf8("content"), midnight);

        assertThat(shop.open(text, midnight.minusSeconds(60), DAY)).isInstanceOf(Opened.Content.class);
        assertThat(shop.open(text, midnight.minusSeconds(60).minusNanos(1), DAY))
                .isEqualTo(new Opened.Refused());
        assertThat(Jwe.secret(OTHER).open(text, midnight.minusSeconds(61), DAY)).isEqualTo(new Opened.Refused());
    }

    @Test
    void the_sizes_are_those_of_the_documentation_and_known_in_advance() {
        assertThat(EMPTY).hasSize(90);
        assertThat(LAB_SEED).hasSizeBetween(175, 181);
        assertThat(shop.seal(utf8(EMPTY), NOW)).hasSize(221);
        assertThat(shop.seal(utf8(LAB_SEED), NOW).length()).isBetween(330, 345);
        for (int bytes = 0; bytes < 200; bytes++) {
            assertThat(shop.seal(new byte[bytes], NOW)).hasSize(shop.sealedLength(bytes));
        }
        // What fits into a cookie of 4,093 bytes with the name __Host-id.
        assertThat(shop.sealedLength(2_987)).isEqualTo(4_093 - "__Host-id".length());
    }

    @Test
    void a_content_whose_text_would_not_open_is_not_sealed() {
        int most = 6_068;
        assertThat(shop.sealedLength(most)).isEqualTo(8_192);
        assertThat(content(shop, shop.seal(new byte[most], NOW))).hasSize(most);
        assertThatThrownBy(() -> shop.seal(new byte[most + 1], NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6069 bytes")
                .hasMessageContaining("8193 characters");
    }

    @Test
    void a_clock_that_no_day_can_name_seals_nothing_and_opens_nothing() {
        for (Instant time : List.of(Instant.MIN, Instant.EPOCH.minusNanos(1), Instant.parse("2700-01-01T00:00:00Z"))) {
            assertThatThrownBy(() -> shop.seal(new byte[1], time)).isInstanceOf(IllegalArgumentException.class);
        }
        String text = shop.seal(utf8("content"), NOW);
        for (Instant time : List.of(Instant.MIN, Instant.EPOCH, Instant.MAX)) {
            assertThat(shop.open(text, time, DAY)).isEqualTo(new Opened.Refused());
        }
    }

    @Test
    void every_other_algorithm_is_refused_even_with_the_right_key() throws Exception {
        String kid = kid(shop.seal(utf8("content"), NOW));
        SecretKeySpec key = keyOf(COOKIE);
        Payload payload = new Payload("content");

        assertThat(content(shop, sealed(header(kid).build(), payload, key))).isEqualTo("content");
        JWEObject wrapped = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.A256KW, EncryptionMethod.A256GCM)
                        .keyID(kid)
                        .build(),
                payload);
        wrapped.encrypt(new AESEncrypter(key));
        assertRefused(wrapped.serialize());
        JWEObject password = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.PBES2_HS256_A128KW, EncryptionMethod.A256GCM)
                        .keyID(kid)
                        .build(),
                payload);
        password.encrypt(new PasswordBasedEncrypter(SECRET, 8, 1000));
        assertRefused(password.serialize());
        assertRefused(sealed(
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A128CBC_HS256)
                        .keyID(kid)
                        .build(),
                payload,
                key));
        assertRefused(sealed(
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A128GCM)
                        .keyID(kid)
                        .build(),
                payload,
                new SecretKeySpec(key.getEncoded(), 0, 16, "AES")));
    }

    @Test
    void a_compressed_text_is_refused_before_anything_is_decompressed() throws Exception {
        String kid = kid(shop.seal(utf8("content"), NOW));
        JWEHeader compressed =
                header(kid).compressionAlgorithm(CompressionAlgorithm.DEF).build();

        assertRefused(sealed(compressed, new Payload("content"), keyOf(COOKIE)));
        assertRefused(sealed(compressed, new Payload(new byte[5_000_000]), keyOf(COOKIE)));
    }

    @Test
    void every_further_header_is_refused_even_if_it_is_authenticated() throws Exception {
        String kid = kid(shop.seal(utf8("content"), NOW));
        Payload payload = new Payload("content");

        assertRefused(sealed(header(kid).contentType("JWT").build(), payload, keyOf(COOKIE)));
        assertRefused(sealed(header(kid).type(JOSEObjectType.JWT).build(), payload, keyOf(COOKIE)));
        assertRefused(sealed(header(kid).customParam("other", "x").build(), payload, keyOf(COOKIE)));
        assertRefused(sealed(new JWEHeader(JWEAlgorithm.DIR, EncryptionMethod.A256GCM), payload, keyOf(COOKIE)));
    }

    @Test
    void only_the_one_header_counts() {
        String kid = kid(shop.seal(utf8("content"), NOW));
        assertThat(content(shop, encrypt("{\"kid\":\"" + kid + "\",\"enc\":\"A256GCM\",\"alg\":\"dir\"}", 12, 16)))
                .isEqualTo("content");

        for (String header : List.of(
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}",
                "{\"alg\":\"dir\",\"kid\":\"KID\"}",
                "{\"enc\":\"A256GCM\",\"kid\":\"KID\"}",
                "{\"alg\":\"DIR\",\"enc\":\"A256GCM\",\"kid\":\"KID\"}",
                "{\"alg\":\"none\",\"enc\":\"A256GCM\",\"kid\":\"KID\"}",
                "{\"alg\":\"dir\",\"enc\":\"a256gcm\",\"kid\":\"KID\"}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"KID\",\"kid\":\"KID\"}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"KID\",\"crit\":[]}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"KID\",\"crit\":[\"exp\"],\"exp\":1}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"KID\",\"b64\":false}",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"KID\"} {}",
                "\ufeff{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"KID\"}",
                "{'alg':'dir','enc':'A256GCM','kid':'KID'}")) {
            assertRefused(encrypt(header.replace("KID", kid), 12, 16));
        }
    }

    @Test
    void a_key_id_is_six_characters_of_base64url_and_only_looked_up() {
        String kid = kid(shop.seal(utf8("content"), NOW));
        for (String other : List.of(
                "", "a", kid + "A", kid.substring(1), "../../", "' OR 1", "a".repeat(2_000), kid + " ", "éééééé")) {
            assertRefused(encrypt("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"" + other + "\"}", 12, 16));
        }
        for (String other : List.of("1", "null", "[\"" + kid + "\"]", "{}")) {
            assertRefused(encrypt("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":" + other + "}", 12, 16));
        }
    }

    @Test
    void an_encrypted_key_a_short_tag_or_another_vector_is_refused() {
        String kid = kid(shop.seal(utf8("content"), NOW));
        String header = "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"" + kid + "\"}";
        String text = encrypt(header, 12, 16);

        assertThat(content(shop, text)).isEqualTo("content");
        assertRefused(text.replace("..", ".AAAA."));
        for (int tag : List.of(12, 13, 14, 15)) {
            assertRefused(encrypt(header, 12, tag));
        }
        for (int iv : List.of(1, 8, 11, 13, 16)) {
            assertRefused(encrypt(header, iv, 16));
        }
    }

    @Test
    void a_signed_token_a_nested_one_and_the_json_serialization_are_refused() {
        String text = shop.seal(utf8("content"), NOW);
        String[] parts = text.split("\\.", -1);

        assertRefused(base64url("{\"alg\":\"none\"}") + "." + base64url("{}") + ".");
        assertRefused(base64url("{\"alg\":\"HS256\"}") + "." + base64url("{}") + "." + "A".repeat(43));
        assertRefused("{\"protected\":\"" + parts[0] + "\",\"iv\":\"" + parts[2] + "\",\"ciphertext\":\"" + parts[3]
                + "\",\"tag\":\"" + parts[4] + "\"}");
        assertRefused(base64url(text));
        assertRefused("");
    }

    @Test
    void a_bad_secret_is_refused_with_a_message_that_explains_how_to_make_one() {
        for (String secret :
                Arrays.asList(null, "", "short", "keyboard cat keyboard cat keyboard cat", "a".repeat(64))) {
            assertThatThrownBy(() -> Jwe.secret(secret))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("openssl rand -base64 32");
        }
        assertThatThrownBy(() -> Jwe.secret(SECRET, SECRET)).hasMessageContaining("given twice");
        assertThatThrownBy(() -> Jwe.secret(SECRET, "short")).hasMessageContaining("5 bytes");
        assertThatThrownBy(() -> Jwe.secret(SECRET).application("\ud800")).hasMessageContaining("surrogate");
        assertThatThrownBy(() -> Jwe.secret(SECRET).forPurpose("\udc00")).hasMessageContaining("surrogate");
    }

    @Test
    void texts_of_more_days_than_keys_are_kept_open() {
        for (int day = 0; day < 600; day++) {
            String text = shop.seal(utf8("day " + day), NOW.minus(Duration.ofDays(day)));
            Opened.Content opened = (Opened.Content) shop.open(text, NOW, Duration.ofDays(1_000));

            assertThat(new String(opened.bytes(), UTF_8)).isEqualTo("day " + day);
        }
    }

    @Test
    void nothing_shows_a_secret_a_key_or_a_content() {
        String text = shop.seal(utf8("content"), NOW);

        assertThat(shop).hasToString("Jwe[redacted]");
        assertThat(SealKeys.of(List.of(SECRET))).hasToString("SealKeys[redacted]");
        assertThat(SealKeys.of(List.of(SECRET)).key(0, "", 1)).hasToString("SealKey[redacted]");
        assertThat(open(shop, text)).hasToString("Content[redacted]");
    }

    private void assertRefused(String text) {
        assertThat(open(shop, text)).as(text).isEqualTo(new Opened.Refused());
    }

    private static Opened open(Jwe format, String text) {
        return format.open(text, NOW, DAY);
    }

    private static Opened.Content opened(Jwe format, String text) {
        return (Opened.Content) open(format, text);
    }

    private static String content(Jwe format, String text) {
        return new String(opened(format, text).bytes(), UTF_8);
    }

    /** Reads the key's name out of a text. */
    private static String kid(String text) {
        String header = new String(Base64.getUrlDecoder().decode(text.substring(0, text.indexOf('.'))), UTF_8);
        Matcher kid = Pattern.compile("\"kid\":\"([^\"]*)\"").matcher(header);
        assertThat(kid.find()).isTrue();
        return kid.group(1);
    }

    private static JWEHeader.Builder header(String kid) {
        return new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM).keyID(kid);
    }

    private static String sealed(JWEHeader header, Payload payload, SecretKeySpec key) throws Exception {
        JWEObject jwe = new JWEObject(header, payload);
        jwe.encrypt(new DirectEncrypter(key));
        return jwe.serialize();
    }

    /** Encrypts the text {@code content} with the shop's key of the day, and with any header, vector and tag. */
    private static String encrypt(String header, int vectorLength, int tagLength) {
        return SealedText.encrypt(keyOf(COOKIE), utf8(header), utf8("content"), vectorLength, tagLength);
    }

    private static SecretKeySpec keyOf(String purpose) {
        return SealedText.key(SECRET, "shop", purpose, NOW);
    }
}
