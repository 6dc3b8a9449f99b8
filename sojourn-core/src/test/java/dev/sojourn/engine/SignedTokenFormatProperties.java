package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.TokenFormat.VerifiedId;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class SignedTokenFormatProperties {
    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    /** In addition to base64url: characters of other encodings, and characters whose low byte is that of a letter. */
    private static final String CANDIDATES = BASE64URL + ".=+/ ~%\n\0\u00e9\u0141\u2041\uff21\ud83d";

    private static final List<String> SECRETS = List.of(
            "qz7TtWm2yZ0cVxP4sB9nLk3jHf6GdRe1-first",
            "Xw5Yq8Uo2Ia7Es4Dc1Vb9Nm6Kj3Hg0Fp-second",
            "mN4bV7cX1zA9sD2fG5hJ8kL0qW3eR6tY-third");

    private final SignedTokenFormat format = new SignedTokenFormat(List.of(SECRETS.get(0)));

    @Property
    void an_id_is_read_from_its_token(@ForAll("ids") String id) {
        String token = format.write(id);

        assertThat(token).hasSize(id.length() + 44);
        assertThat(format.read(token)).contains(new VerifiedId(id, false, 1));
    }

    @Property(tries = 15)
    void a_token_with_one_changed_character_is_refused(@ForAll("ids") String id) {
        String token = format.write(id);
        for (int at = 0; at < token.length(); at++) {
            StringBuilder changed = new StringBuilder(token);
            for (int i = 0; i < CANDIDATES.length(); i++) {
                changed.setCharAt(at, CANDIDATES.charAt(i));
                boolean same = token.charAt(at) == CANDIDATES.charAt(i);
                assertThat(format.read(changed.toString()).isPresent())
                        .as("character %d as %s", at, CANDIDATES.charAt(i))
                        .isEqualTo(same);
            }
        }
    }

    @Property(tries = 50)
    void a_shortened_or_lengthened_token_is_refused(@ForAll("ids") String id, @ForAll char more) {
        String token = format.write(id);
        for (int at = 0; at < token.length(); at++) {
            assertRefused(token.substring(0, at));
            assertRefused(token.substring(at + 1));
            assertRefused(token.substring(0, at) + token.substring(at + 1));
            assertRefused(token.substring(0, at) + more + token.substring(at));
        }
        assertRefused(token + more);
        assertRefused(token + token);
    }

    @Property(tries = 100)
    void a_token_in_another_case_is_refused(@ForAll("ids") String id) {
        String token = format.write(id);

        for (String changed : List.of(token.toLowerCase(Locale.ROOT), token.toUpperCase(Locale.ROOT))) {
            assertThat(format.read(changed).isPresent()).isEqualTo(changed.equals(token));
        }
    }

    /** 43 characters hold 258 bits, a signature has 256: four last characters decode to the same bytes. */
    @Property(tries = 100)
    void another_encoding_of_the_same_signature_is_refused(@ForAll("ids") String id) {
        String token = format.write(id);
        String start = token.substring(0, token.length() - 1);
        byte[] signature = decodeSignature(token, id);
        int encodings = 0;
        for (int i = 0; i < BASE64URL.length(); i++) {
            String other = start + BASE64URL.charAt(i);
            if (Arrays.equals(decodeSignature(other, id), signature)) {
                encodings++;
                assertThat(format.read(other).isPresent()).isEqualTo(other.equals(token));
            }
        }
        assertThat(encodings).isEqualTo(4);
    }

    @Property
    void a_signed_id_that_cannot_have_been_issued_is_refused(
            @ForAll @StringLength(max = 21) @Chars({'a', 'Z', '0', '-', '_'}) String few,
            @ForAll("breaking") char breaking) {
        assertRefused(format.write(few));
        assertRefused(format.write(few + "a".repeat(129)));
        assertRefused(format.write("a".repeat(30) + breaking + few));
    }

    @Property
    void any_other_text_is_refused_without_an_exception(@ForAll @StringLength(max = 300) String text) {
        assertRefused(text);
        assertRefused(text + "." + "A".repeat(43));
        assertRefused("a".repeat(43) + "." + text);
    }

    @Property
    void every_secret_of_the_list_verifies_and_only_tokens_of_the_first_are_not_outdated(
            @ForAll("ids") String id, @ForAll @IntRange(max = 2) int signer) {
        String token = new SignedTokenFormat(List.of(SECRETS.get(signer))).write(id);

        assertThat(new SignedTokenFormat(SECRETS).read(token)).contains(new VerifiedId(id, signer > 0, 1));
        assertThat(new SignedTokenFormat(SECRETS.subList(1, 3)).read(token).isPresent())
                .isEqualTo(signer > 0);
        assertThat(new SignedTokenFormat(SECRETS.subList(1, 3)).write(id))
                .isEqualTo(new SignedTokenFormat(SECRETS.subList(1, 2)).write(id));
    }

    @Property(tries = 200)
    void the_signature_of_one_id_is_not_valid_for_another(@ForAll("ids") String one, @ForAll("ids") String other) {
        String token = other + format.write(one).substring(one.length());

        assertThat(format.read(token).isPresent()).isEqualTo(one.equals(other));
    }

    @Example
    void a_verified_id_does_not_show_the_id() {
        String id = "a".repeat(43);

        assertThat(format.read(format.write(id)).orElseThrow().toString()).doesNotContain("aaaa");
    }

    private void assertRefused(String token) {
        assertThat(format.read(token)).isEmpty();
    }

    private static byte[] decodeSignature(String token, String id) {
        return Base64.getUrlDecoder().decode(token.substring(id.length() + 1));
    }

    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.strings().withChars(BASE64URL).ofMinLength(22).ofMaxLength(128);
    }

    @Provide
    Arbitrary<Character> breaking() {
        return Arbitraries.chars().filter(c -> BASE64URL.indexOf(c) < 0);
    }
}
