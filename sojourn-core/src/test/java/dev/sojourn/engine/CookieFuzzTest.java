package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Fuzzes the parsers that untrusted bytes reach first: of {@code Cookie} header lines, and of the tokens in them. Every build
 * runs the inputs in {@code src/test/resources}; with {@code JAZZER_FUZZ=1}, the build searches for new ones.
 */
class CookieFuzzTest {
    private static final String SECRET = "qz7TtWm2yZ0cVxP4sB9nLk3jHf6GdRe1-first";
    private static final String OLD_SECRET = "Xw5Yq8Uo2Ia7Es4Dc1Vb9Nm6Kj3Hg0Fp-second";
    private static final List<String> NAMES = List.of("__Host-id", "id", "");

    private final SignedTokenFormat format = new SignedTokenFormat(List.of(SECRET, OLD_SECRET));
    private final SignedTokenFormat oldFormat = new SignedTokenFormat(List.of(OLD_SECRET));

    @FuzzTest(maxDuration = "2m")
    void a_header_is_read_like_the_reference_and_only_issued_tokens_are_accepted(byte[] header) {
        List<String> lines = List.of(new String(header, StandardCharsets.ISO_8859_1).split("\n", -1));
        for (String name : NAMES) {
            List<String> values = CookieHeader.values(lines, name);

            assertThat(values).isEqualTo(CookieHeaderReference.values(lines, name));
            values.forEach(this::assertIssuedOrRefused);
        }
        assertIssuedOrRefused(new String(header, StandardCharsets.ISO_8859_1));
        assertIssuedOrRefused(new String(header, StandardCharsets.UTF_8));
    }

    /** Asserts that an accepted token is exactly one that the format writes. */
    private void assertIssuedOrRefused(String token) {
        Optional<VerifiedId> verified = format.read(token);
        if (verified.isPresent()) {
            SignedTokenFormat signer = verified.get().outdated() ? oldFormat : format;
            assertThat(signer.write(verified.get().id())).isEqualTo(token);
        }
    }
}
