package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.engine.RefreshTokenFormat.RefreshToken;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class RefreshTokenFormatProperties {
    private static final String BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    /** In addition to base64url: characters of other encodings, and characters whose low byte is that of a letter. */
    private static final String CANDIDATES = BASE64URL + ".=+/ ~%\n\0\u00e9\u0141\u2041\uff21\ud83d";

    private static final String SECRET = "qz7TtWm2yZ0cVxP4sB9nLk3jHf6GdRe1-first";
    private static final String OTHER = "Xw5Yq8Uo2Ia7Es4Dc1Vb9Nm6Kj3Hg0Fp-second";
    private static final long LARGEST = 999_999_999_999_999_999L;

    private final RefreshTokenFormat format = new RefreshTokenFormat(List.of(SECRET));

    @Property
    void id_and_generation_are_read_from_the_token(
            @ForAll("ids") String id, @ForAll @LongRange(min = 1, max = LARGEST) long generation) {
        String token = format.write(id, generation);

        assertThat(format.read(token)).contains(new RefreshToken(id, generation, false));
        assertThat(token).hasSize(id.length() + 45 + Long.toString(generation).length());
    }

    @Property(tries = 15)
    void a_token_with_one_changed_inserted_or_dropped_character_is_refused(
            @ForAll("ids") String id, @ForAll @LongRange(min = 1, max = LARGEST) long generation) {
        String token = format.write(id, generation);
        for (int at = 0; at < token.length(); at++) {
            assertThat(format.read(token.substring(0, at) + token.substring(at + 1)))
                    .isEmpty();
            for (int i = 0; i < CANDIDATES.length(); i++) {
                char other = CANDIDATES.charAt(i);
                String inserted = token.substring(0, at) + other + token.substring(at);
                String changed = token.substring(0, at) + other + token.substring(at + 1);
                assertThat(format.read(inserted))
                        .as("%s inserted at %d", other, at)
                        .isEmpty();
                assertThat(format.read(changed).isPresent())
                        .as("%s at %d", other, at)
                        .isEqualTo(token.charAt(at) == other);
            }
        }
    }

    @Property
    void no_text_makes_reading_throw(@ForAll String text) {
        assertThat(format.read(text)).isEmpty();
    }

    @Property(tries = 100)
    void every_secret_of_the_list_reads_and_the_first_writes(@ForAll("ids") String id) {
        String before = new RefreshTokenFormat(List.of(OTHER)).write(id, 3);
        RefreshTokenFormat both = new RefreshTokenFormat(List.of(SECRET, OTHER));

        assertThat(both.read(before)).contains(new RefreshToken(id, 3, true));
        assertThat(both.write(id, 3)).isEqualTo(format.write(id, 3));
        assertThat(format.read(before)).isEmpty();
    }

    /** One purpose, one key: neither token opens as the other one, also where a session's id looks like one. */
    @Property(tries = 100)
    void a_session_token_is_no_refresh_token_and_the_other_way_round(@ForAll("ids") String id) {
        SignedTokenFormat sessions = new SignedTokenFormat(List.of(SECRET));

        assertThat(format.read(sessions.write(id))).isEmpty();
        assertThat(format.read(sessions.write(id + ".1"))).isEmpty();
        assertThat(sessions.read(format.write(id, 1))).isEmpty();
    }

    /** A number has one spelling, whoever signed another one. */
    @Example
    void a_generation_in_another_spelling_is_refused() {
        String id = "A".repeat(43);
        TokenSigner signer = TokenSigner.all(List.of(SECRET), "sojourn refresh token 1")[0];
        for (String number : List.of("", "0", "00", "01", "+1", "-1", " 1", "1e3", "1_0", "9".repeat(19))) {
            String text = id + '.' + number;
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            String signature = new String(signer.sign(bytes, bytes.length, new byte[0]), StandardCharsets.ISO_8859_1);

            assertThat(format.read(text + '.' + signature)).as(number).isEmpty();
        }
    }

    @Example
    void a_token_shows_nothing_of_itself() {
        assertThat(new RefreshToken("the-id", 5, false)).hasToString("RefreshToken[redacted]");
    }

    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.strings().withChars(BASE64URL).ofMinLength(22).ofMaxLength(128);
    }
}
