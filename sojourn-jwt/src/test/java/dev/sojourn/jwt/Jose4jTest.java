package dev.sojourn.jwt;

import static dev.sojourn.jwt.Texts.DAY;
import static dev.sojourn.jwt.Texts.NOW;
import static dev.sojourn.jwt.Texts.SECRET;
import static dev.sojourn.jwt.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.spi.SealFormat.Opened;
import dev.sojourn.tools.SealedText;
import java.util.List;
import java.util.Map;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;

/** jose4j opens what {@link Jwe} seals, and the other way round. */
class Jose4jTest {
    private static final List<String> CONTENTS =
            List.of("{\"format\":1}", "x", "gr\u00fc\u00dfe \ud83d\ude00", "a".repeat(3_000));

    private final Jwe format = Jwe.secret(SECRET).application("shop").forPurpose("session __Host-id");

    @Test
    void jose4j_opens_what_is_sealed_here() throws JoseException {
        for (String content : CONTENTS) {
            assertThat(open(format.seal(utf8(content), NOW), "session __Host-id"))
                    .isEqualTo(content);
        }
    }

    @Test
    void what_jose4j_seals_opens_here() throws JoseException {
        for (String content : CONTENTS) {
            JsonWebEncryption jwe = jwe(Map.of("alg", "dir", "enc", "A256GCM", "kid", SealedText.kid(SECRET, NOW)));
            jwe.setPlaintext(utf8(content));

            assertThat(format.open(jwe.getCompactSerialization(), NOW, DAY))
                    .isInstanceOfSatisfying(
                            Opened.Content.class,
                            opened -> assertThat(opened.bytes()).isEqualTo(utf8(content)));
        }
    }

    @Test
    void a_further_header_of_jose4j_is_refused_here() throws JoseException {
        for (String name : List.of("typ", "cty", "jku", "other")) {
            JsonWebEncryption jwe = jwe(Map.of("alg", "dir", "enc", "A256GCM", "kid", SealedText.kid(SECRET, NOW)));
            jwe.setHeader(name, "x");
            jwe.setPlaintext(utf8("content"));

            assertThat(format.open(jwe.getCompactSerialization(), NOW, DAY)).isEqualTo(new Opened.Refused());
        }
    }

    @Test
    void jose4j_does_not_open_a_text_with_the_key_of_another_purpose() {
        String text = format.seal(utf8("content"), NOW);

        assertThatThrownBy(() -> open(text, "access")).isInstanceOf(JoseException.class);
    }

    private static String open(String text, String purpose) throws JoseException {
        JsonWebEncryption jwe = jwe(Map.of());
        jwe.setKey(SealedText.key(SECRET, "shop", purpose, NOW));
        jwe.setCompactSerialization(text);
        assertThat(jwe.getKeyIdHeaderValue()).isEqualTo(SealedText.kid(SECRET, NOW));
        return jwe.getPlaintextString();
    }

    private static JsonWebEncryption jwe(Map<String, String> header) {
        JsonWebEncryption jwe = new JsonWebEncryption();
        header.forEach(jwe::setHeader);
        jwe.setKey(SealedText.key(SECRET, "shop", "session __Host-id", NOW));
        return jwe;
    }
}
