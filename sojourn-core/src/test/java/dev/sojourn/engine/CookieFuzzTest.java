package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The way of a stranger's bytes into the server: the lines of a {@code Cookie} header, then the tokens in it. The inputs
 * in {@code src/test/resources} run with every build; with {@code JAZZER_FUZZ=1} new ones are searched for.
 */
class CookieFuzzTest {
    private static final String SECRET = "qz7TtWm2yZ0cVxP4sB9nLk3jHf6GdRe1-first";
    private static final String OLD_SECRET = "Xw5Yq8Uo2Ia7Es4Dc1Vb9Nm6Kj3Hg0Fp-second";
    private static final List<String> NAMES = List.of("__Host-id", "id", "");

    private final SignedTokenFormat format = new SignedTokenFormat(List.of(SECRET, OLD_SECRET));
    private final SignedTokenFormat oldFormat = new SignedTokenFormat(List.of(OLD_SECRET));

    @FuzzTest(maxDuration = "2m")
    void a_header_reads_as_the_plain_reference_says_and_only_issued_tokens_count(byte[] header) {
        List<String> lines = List.of(new String(header, StandardCharsets.ISO_8859_1).split("\n", -1));
        for (String name : NAMES) {
            List<String> values = CookieHeader.values(lines, name);

            assertThat(values).isEqualTo(CookieHeaderReference.values(lines, name));
            values.forEach(this::issuedOrRefused);
        }
        issuedOrRefused(new String(header, StandardCharsets.ISO_8859_1));
        issuedOrRefused(new String(header, StandardCharsets.UTF_8));
    }

    /** Whoever finds a token that counts has found one that the format writes, letter for letter. */
    private void issuedOrRefused(String token) {
        Optional<VerifiedId> verified = format.read(token);
        if (verified.isPresent()) {
            SignedTokenFormat signer = verified.get().outdated() ? oldFormat : format;
            assertThat(signer.write(verified.get().id())).isEqualTo(token);
        }
    }
}
