package dev.sojourn.express;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The token format of Express's cookie. */
class ExpressTokenFormatTest {
    private static final String GOOD = "k7Jq2vXw9RzB4mTn8sYc1dLf6gHp3aEu";
    private static final String BETTER = "Zx0Wv5Ut3Sr1Qp9On7Ml4Kj2Ih6Gf8Ed";

    private final TokenFormat tokens = Express.tokenFormat(e -> e.existingWeakSecret("keyboard cat"));

    @ParameterizedTest
    @CsvSource({
        "apple, s%3Aapple.D8Y%2BpkTAmeR0PobOhY4G97PRW%2Bj7bUnP%2F5m6%2FOn1MCU",
        "%,     s%3A%25.kzQ6x52kKVdF35Qh62AWk4ZekS28K5XYCXKa%2FOTZ01g",
        "/foo,  s%3A%2Ffoo.paEKBtAHbV5s1IB8B2zPnzAgYmmnRPIqObW4VRYj%2FMQ"
    })
    void the_test_vectors_of_express_are_written_and_read(String id, String token) {
        assertThat(tokens.write(id)).isEqualTo(token);
        assertThat(tokens.read(token)).contains(new VerifiedId(id, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s:apple.D8Y+pkTAmeR0PobOhY4G97PRW+j7bUnP/5m6/On1MCU",
                "\"s:apple.D8Y+pkTAmeR0PobOhY4G97PRW+j7bUnP/5m6/On1MCU\"",
                "s%3aapple.D8Y%2bpkTAmeR0PobOhY4G97PRW%2bj7bUnP%2f5m6%2fOn1MCU"
            })
    void a_token_is_also_read_without_percent_encoding_and_in_quotes(String token) {
        assertThat(tokens.read(token)).contains(new VerifiedId("apple", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s:",
                "s%3A",
                "apple",
                "apple.D8Y+pkTAmeR0PobOhY4G97PRW+j7bUnP/5m6/On1MCU",
                "s:apple.D8Y+pkTAmeR0PobOhY4G97PRW+j7bUnP/5m6/On1MCV",
                "s:apple.D8Y+pkTAmeR0PobOhY4G97PRW+j7bUnP/5m6/On1MCU=",
                "s:apple.D8Y-pkTAmeR0PobOhY4G97PRW-j7bUnP_5m6_On1MCU",
                "s:appl.D8Y+pkTAmeR0PobOhY4G97PRW+j7bUnP/5m6/On1MCU",
                "S:apple.D8Y+pkTAmeR0PobOhY4G97PRW+j7bUnP/5m6/On1MCU",
                "s:.D8Y+pkTAmeR0PobOhY4G97PRW+j7bUnP/5m6/On1MCU",
                "s%3Aapple.D8Y%2BpkTAmeR0PobOhY4G97PRW%2Bj7bUnP%2F5m6%2FOn1MC%",
                "s%3A%FF.kzQ6x52kKVdF35Qh62AWk4ZekS28K5XYCXKa%2FOTZ01g",
                "%",
                "\"",
                "\"\""
            })
    void a_token_without_a_valid_signature_is_refused(String token) {
        assertThat(tokens.read(token)).isEmpty();
    }

    @Test
    void an_id_may_contain_dots_because_the_signature_begins_after_the_last_one() {
        assertThat(tokens.read(tokens.write("a.b.c"))).contains(new VerifiedId("a.b.c", false));
    }

    @Test
    void a_signed_id_that_no_store_can_keep_is_refused() {
        assertThat(tokens.read(tokens.write("a\0b"))).isEmpty();
        assertThat(tokens.read(tokens.write("x".repeat(256)))).isEmpty();
        assertThat(tokens.read("s:" + "x".repeat(100_000))).isEmpty();
    }

    @Test
    void the_first_secret_signs_and_all_verify() {
        TokenFormat old = Express.tokenFormat(e -> e.secret(GOOD));
        TokenFormat both = Express.tokenFormat(e -> e.secret(BETTER, GOOD));

        assertThat(both.read(old.write("apple"))).contains(new VerifiedId("apple", true));
        assertThat(both.read(both.write("apple"))).contains(new VerifiedId("apple", false));
        assertThat(old.read(both.write("apple"))).isEmpty();
    }

    @Test
    void a_weak_secret_requires_a_separate_option() {
        assertThatThrownBy(() -> Express.tokenFormat(e -> e.secret("keyboard cat")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("can be guessed")
                .hasMessageContaining("e.existingWeakSecret(")
                .hasMessageNotContaining("keyboard");
        assertThatThrownBy(() -> Express.tokenFormat(e -> {})).hasMessageContaining("no secret is set");
        assertThatThrownBy(() -> Express.tokenFormat(e -> e.existingWeakSecret("")))
                .hasMessageContaining("not empty");
    }

    @Test
    void a_weak_secret_next_to_a_good_one_only_verifies() {
        TokenFormat mixed = Express.tokenFormat(e -> e.secret(GOOD).existingWeakSecret("keyboard cat"));

        assertThat(mixed.read(tokens.write("apple"))).contains(new VerifiedId("apple", true));
        assertThat(tokens.read(mixed.write("apple"))).isEmpty();
    }

    @Test
    void a_secret_may_be_bytes_instead_of_text() {
        byte[] key = HexFormat.of().parseHex("ff00".repeat(16));
        TokenFormat binary = Express.tokenFormat(e -> e.secretBytes(List.of(key)));

        assertThat(binary.read(binary.write("apple"))).contains(new VerifiedId("apple", false));
        assertThatThrownBy(() -> Express.tokenFormat(e -> e.secretBytes(List.of(new byte[31]))))
                .hasMessageContaining("at least 32");
    }
}
