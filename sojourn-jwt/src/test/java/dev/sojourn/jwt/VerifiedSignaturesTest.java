package dev.sojourn.jwt;

import static dev.sojourn.jwt.SignatureAlgorithm.ES256;
import static dev.sojourn.jwt.SignatureAlgorithm.RS256;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import java.text.ParseException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A key on P-256 fits ES256 only, so a token that counts by RS256 was not checked but remembered. */
class VerifiedSignaturesTest {
    private static final Forge FORGE = Forge.ec("x");
    private static final VerificationKey KEY = key(FORGE);

    private final VerifiedSignatures signatures = new VerifiedSignatures(3);

    @Test
    void a_right_signature_is_checked_once() {
        StrictCompact token = token(FORGE, 1);
        assertThat(signatures.isSigned(token, RS256, KEY)).as("not remembered").isFalse();
        assertThat(signatures.isSigned(token, ES256, KEY)).isTrue();

        assertThat(signatures.isSigned(token, RS256, KEY)).as("remembered").isTrue();
        assertThat(signatures.size()).isOne();
    }

    @Test
    void a_signature_counts_for_its_key_only() {
        StrictCompact token = token(FORGE, 1);
        assertThat(signatures.isSigned(token, ES256, KEY)).isTrue();

        assertThat(signatures.isSigned(token, ES256, key(Forge.ec("x")))).isFalse();
        assertThat(signatures.isSigned(token, RS256, key(FORGE)))
                .as("an equal key")
                .isTrue();
    }

    @Test
    void wrong_signatures_are_not_remembered() {
        Forge other = Forge.ec("x");
        for (int i = 0; i < 20; i++) {
            assertThat(signatures.isSigned(token(other, i), ES256, KEY)).isFalse();
        }
        assertThat(signatures.size()).isZero();
    }

    @Test
    void the_memory_is_bounded_and_keeps_what_is_in_use() {
        StrictCompact used = token(FORGE, 0);
        assertThat(signatures.isSigned(used, ES256, KEY)).isTrue();
        StrictCompact unused = token(FORGE, -1);
        assertThat(signatures.isSigned(unused, ES256, KEY)).isTrue();

        for (int i = 1; i <= 50; i++) {
            assertThat(signatures.isSigned(token(FORGE, i), ES256, KEY)).isTrue();
            assertThat(signatures.isSigned(used, RS256, KEY))
                    .as("in use, after %d others", i)
                    .isTrue();
            assertThat(signatures.size()).isLessThanOrEqualTo(6);
        }
        assertThat(signatures.isSigned(unused, RS256, KEY)).isFalse();
    }

    private static StrictCompact token(Forge forge, int number) {
        return StrictCompact.jws(forge.token("{\"number\":" + number + "}"), Set.of("alg", "kid", "typ"))
                .orElseThrow();
    }

    private static VerificationKey key(Forge forge) {
        try {
            return VerificationKey.of(JWK.parse(forge.jwk())).orElseThrow();
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }
}
