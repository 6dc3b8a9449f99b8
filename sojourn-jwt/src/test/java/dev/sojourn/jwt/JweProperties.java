package dev.sojourn.jwt;

import static dev.sojourn.jwt.Texts.BASE64URL;
import static dev.sojourn.jwt.Texts.CANDIDATES;
import static dev.sojourn.jwt.Texts.DAY;
import static dev.sojourn.jwt.Texts.NOW;
import static dev.sojourn.jwt.Texts.OTHER;
import static dev.sojourn.jwt.Texts.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.SealFormat.Opened;
import dev.sojourn.spi.SealFormat.Opened.Content;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class JweProperties {
    private final Jwe format = Jwe.secret(SECRET, OTHER).application("shop").forPurpose("session id");

    @Property
    void a_content_is_read_from_its_text(
            @ForAll @Size(max = 3_000) byte[] content,
            @ForAll @LongRange(min = 0, max = 22_000_000_000L) long second,
            @ForAll String application,
            @ForAll String purpose) {
        Instant now = Instant.ofEpochSecond(second);
        Jwe any = Jwe.secret(SECRET).application(paired(application)).forPurpose(paired(purpose));
        String text = any.seal(content, now);

        assertThat(text).hasSize(any.sealedLength(content.length));
        assertThat(((Content) any.open(text, now, Duration.ofSeconds(1))).bytes())
                .isEqualTo(content);
    }

    /** The header's part can change into the name of another key, so that the text is of an unknown one. */
    @Property(tries = 4)
    void a_text_with_one_changed_character_does_not_open(@ForAll @Size(max = 60) byte[] content) {
        String text = format.seal(content, NOW);
        for (int at = 0; at < text.length(); at++) {
            StringBuilder changed = new StringBuilder(text);
            for (int i = 0; i < CANDIDATES.length(); i++) {
                changed.setCharAt(at, CANDIDATES.charAt(i));
                boolean same = text.charAt(at) == CANDIDATES.charAt(i);
                assertThat(open(changed.toString()) instanceof Content)
                        .as("character %d as %s", at, CANDIDATES.charAt(i))
                        .isEqualTo(same);
                if (!same && at > text.indexOf('.')) {
                    assertRefused(changed.toString());
                }
            }
        }
    }

    @Property(tries = 50)
    void a_shortened_or_lengthened_text_is_refused(@ForAll @Size(max = 60) byte[] content, @ForAll char more) {
        String text = format.seal(content, NOW);
        for (int at = 0; at < text.length(); at++) {
            assertRefused(text.substring(0, at));
            assertRefused(text.substring(at + 1));
            assertRefused(text.substring(0, at) + text.substring(at + 1));
            assertRefused(text.substring(0, at) + more + text.substring(at));
            assertRefused(text.substring(0, at) + BASE64URL.charAt(at % 64) + text.substring(at));
            assertRefused(text.substring(0, at) + "AAAA" + text.substring(at));
        }
        assertRefused(text + more);
        assertRefused(text + text);
    }

    @Property(tries = 100)
    void a_text_in_another_case_does_not_open(@ForAll @Size(max = 60) byte[] content) {
        String text = format.seal(content, NOW);

        assertThat(open(text.toLowerCase(Locale.ROOT))).isNotInstanceOf(Content.class);
        assertThat(open(text.toUpperCase(Locale.ROOT))).isNotInstanceOf(Content.class);
    }

    @Property(tries = 300)
    void the_parts_of_two_texts_do_not_open_together(
            @ForAll @Size(max = 60) byte[] one,
            @ForAll @Size(max = 60) byte[] other,
            @ForAll @IntRange(min = 2, max = 4) int part) {
        String[] mixed = format.seal(one, NOW).split("\\.", -1);
        mixed[part] = format.seal(other, NOW).split("\\.", -1)[part];
        boolean bothEmpty = part == 3 && one.length == 0 && other.length == 0;

        assertThat(open(String.join(".", mixed)) instanceof Content).isEqualTo(bothEmpty);
    }

    @Property
    void any_other_text_is_refused_without_an_exception(@ForAll @StringLength(max = 300) String text) {
        assertRefused(text);
        assertRefused(format.seal(new byte[0], NOW).substring(0, 59) + text);
        assertRefused(text + format.seal(new byte[0], NOW).substring(59));
    }

    private Opened open(String text) {
        return format.open(text, NOW, DAY);
    }

    private void assertRefused(String text) {
        assertThat(open(text)).as(text).isEqualTo(new Opened.Refused());
    }

    private static String paired(String text) {
        return text.replaceAll("[\\ud800-\\udfff]", "");
    }
}
