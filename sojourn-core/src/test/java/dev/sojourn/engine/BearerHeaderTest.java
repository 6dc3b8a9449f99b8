package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionListener.TokenRefusal;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerHeaderTest {
    private static final Pattern SPECIFIED = Pattern.compile("(?i)bearer +([A-Za-z0-9._~+/-]+=*)");

    private static BearerHeader in(String... lines) {
        return BearerHeader.in(PlainExchange.from("192.0.2.1", "Authorization", lines));
    }

    private static @Nullable String token(String... lines) {
        return in(lines).token();
    }

    @Test
    void the_token_is_what_follows_the_scheme() {
        assertThat(token("Bearer mF_9.B5f-4.1JqM")).isEqualTo("mF_9.B5f-4.1JqM");
        assertThat(token("bEARER a+/~==")).isEqualTo("a+/~==");
        assertThat(token(" Bearer   abc \t")).isEqualTo("abc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Basic dXNlcjpwYXNz",
                "DPoP abc",
                "Bearers abc",
                "Bearer+ abc",
                "xBearer abc",
                "Digest username=\"a\", realm=\"b\""
            })
    void another_scheme_is_no_token(String line) {
        assertThat(in(line)).isEqualTo(new BearerHeader(null, null));
    }

    @Test
    void no_header_is_no_token() {
        assertThat(in()).isEqualTo(new BearerHeader(null, null));
        assertThat(in("Basic a", "Digest b")).isEqualTo(new BearerHeader(null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer",
                "Bearer ",
                "Bearer\tabc",
                "Bearer \tabc",
                "Bearer=abc",
                "Bearer:abc",
                "Bearer abc def",
                "Bearer \"abc\"",
                "Bearer token=abc;x",
                "Bearer ===",
                "Bearer a=b",
                "Bearer abc\u0000",
                "Bearer abc\r\nX: y",
                "Bearer \u00E4bc",
                "Bearer \u00A0abc",
                "Bearer abc%20"
            })
    void a_malformed_token_is_refused(String line) {
        assertThat(in(line)).isEqualTo(new BearerHeader(null, TokenRefusal.NOT_ISSUED));
    }

    @Test
    void two_tokens_or_two_schemes_with_a_token_are_ambiguous() {
        for (BearerHeader each : List.of(
                in("Bearer abc", "Bearer def"),
                in("Bearer abc", "Bearer abc"),
                in("Basic abc", "Bearer def"),
                in("Bearer abc", ""),
                in("Bearer abc, Bearer def"),
                in("Basic abc, Bearer def"),
                in("Basic abc,bearer def"),
                in("Bearer abc,"))) {
            assertThat(each).isEqualTo(new BearerHeader(null, TokenRefusal.AMBIGUOUS));
        }
    }

    @Test
    void the_longest_token_has_8192_characters() {
        String longest = "a".repeat(8_192);
        assertThat(token("Bearer " + longest)).isEqualTo(longest);
        assertThat(in("Bearer " + longest + "a").refusal()).isEqualTo(TokenRefusal.NOT_ISSUED);
        assertThat(in("Bearer " + "a".repeat(1_000_000)).refusal()).isEqualTo(TokenRefusal.NOT_ISSUED);
        assertThat(in(",".repeat(1_000_000) + "Bearer").refusal()).isEqualTo(TokenRefusal.AMBIGUOUS);
    }

    @Property(tries = 5_000)
    void exactly_what_the_rfc_specifies_is_a_token(@ForAll("lines") String line) {
        var specified = SPECIFIED.matcher(line);
        assertThat(token(line)).isEqualTo(specified.matches() ? specified.group(1) : null);
    }

    /** Lines without blanks around them, which servers remove. */
    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> scheme = Arbitraries.of("Bearer ", "bearer ", "BEARER  ", "Bearer", "Basic ", "");
        Arbitrary<String> rest = Arbitraries.strings()
                .withChars("ab09-._~+/= ,\t\"")
                .withChars((char) 0, (char) 255)
                .ofMaxLength(6);
        Arbitrary<String> plain = Arbitraries.strings().withChars("ab09-._~+/=").ofMaxLength(6);
        return scheme.flatMap(
                start -> Arbitraries.oneOf(rest, plain).map(end -> (start + end).replaceAll("^[ \t]+|[ \t]+$", "")));
    }

    @Test
    void its_text_does_not_show_the_token() {
        assertThat(in("Bearer mF_9.B5f-4.1JqM")).hasToString("BearerHeader[redacted]");
    }
}
