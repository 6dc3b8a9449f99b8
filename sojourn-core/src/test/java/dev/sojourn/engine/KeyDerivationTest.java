package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDerivationTest {
    private static final String ONE = "qz7TtWm2yZ0cVxP4sB9nLk3jHf6GdRe1";
    private static final String TWO = "Xw5Yq8Uo2Ia7Es4Dc1Vb9Nm6Kj3Hg0Fp";

    @Test
    void each_secret_has_one_key_in_the_order_of_the_secrets() {
        List<Key> keys = KeyDerivation.keys(List.of(ONE, TWO), "purpose");

        assertThat(keys).hasSize(2).doesNotHaveDuplicates();
        assertThat(KeyDerivation.keys(List.of(TWO, ONE), "purpose")).containsExactly(keys.get(1), keys.get(0));
    }

    @Test
    void a_key_depends_on_its_purpose_and_is_not_the_secret() {
        Key key = KeyDerivation.keys(List.of(ONE), "purpose").get(0);

        assertThat(key).isNotEqualTo(KeyDerivation.keys(List.of(ONE), "another").get(0));
        assertThat(key.getEncoded()).hasSize(32).isNotEqualTo(ONE.getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 5869 §2.3: T(1) = HMAC(PRK, info | 0x01). */
    @Test
    void a_key_is_one_block_of_the_hkdf_expansion() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(ONE.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));

        byte[] expected = mac.doFinal("purpose\u0001".getBytes(StandardCharsets.UTF_8));

        assertThat(KeyDerivation.keys(List.of(ONE), "purpose").get(0).getEncoded())
                .isEqualTo(expected);
    }

    @Test
    void a_missing_secret_is_refused_with_the_command_that_creates_one() {
        for (List<String> none : List.of(List.<String>of(), List.of(""), List.of("", ONE))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyDerivation.keys(none, "purpose"))
                    .withMessageContaining("no secret is set")
                    .withMessageContaining("openssl rand -base64 32");
        }
    }

    @Test
    void a_secret_has_at_least_32_bytes() {
        assertThat(KeyDerivation.keys(List.of(ONE), "purpose")).hasSize(1);
        assertThat(KeyDerivation.keys(List.of("\u00e9".repeat(4) + ONE.substring(8)), "purpose"))
                .hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyDerivation.keys(List.of(ONE.substring(1)), "purpose"))
                .withMessageContaining("31 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keyboard cat keyboard cat keyboard cat",
                "Your-256-Bit-Secret-that-is-long-enough!",
                "a-string-secret-at-least-256-bits-long",
                "0123456789abcdef0123456789abcdef",
                "CHANGEME-CHANGEME-CHANGEME-CHANGEME",
                "my_super_secret_key_for_the_session_store",
                "abababababababababababababababababababab",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void a_secret_that_can_be_guessed_is_refused_and_not_shown(String guessable) {
        for (List<String> secrets : List.of(List.of(guessable), List.of(ONE, guessable))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyDerivation.keys(secrets, "purpose"))
                    .withMessageContaining("openssl rand -base64 32")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(guessable, ONE));
        }
    }

    @Test
    void the_same_secret_twice_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyDerivation.keys(List.of(ONE, TWO, ONE), "purpose"))
                .withMessageContaining("twice")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(ONE));
    }

    @Test
    void a_secret_of_the_recommended_command_is_accepted() {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            String secret = Base64.getEncoder().encodeToString(bytes);

            assertThat(KeyDerivation.keys(Arrays.asList(secret), "purpose")).hasSize(1);
        }
    }
}
