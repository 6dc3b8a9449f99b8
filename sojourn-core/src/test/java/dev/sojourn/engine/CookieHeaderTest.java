package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CookieHeaderTest {
    private static final int MANY = 4_000_000;

    @Test
    void without_a_header_line_there_is_no_cookie() {
        assertThat(CookieHeader.values(List.of(), "id")).isEmpty();
    }

    @Test
    void every_value_of_the_name_is_found_in_the_order_of_the_header() {
        assertThat(CookieHeader.values(List.of("id=1; a=x; id=2", "id=3"), "id"))
                .containsExactly("1", "2", "3");
    }

    @Test
    void percent_signs_are_part_of_the_value() {
        assertThat(CookieHeader.values(List.of("id=a%20b"), "id")).containsExactly("a%20b");
    }

    @Test
    void one_pair_of_quotes_around_a_value_is_removed() {
        assertThat(CookieHeader.values(List.of("$Version=\"1\"; id=\"a\";$Path=\"/\""), "id"))
                .containsExactly("a");
        assertThat(CookieHeader.values(List.of("id=\"\"a\"\"; id=\"; id=\"\"; id=\"a; id=a\""), "id"))
                .containsExactly("\"a\"", "\"", "", "\"a", "a\"");
    }

    /** Quadratic work would take minutes here; linear work takes a fraction of a second. */
    @ParameterizedTest
    @ValueSource(strings = {"a=;", ";", "a;", "= ", " ", "=", "id=x;", "\t;id"})
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void the_work_grows_linearly_with_the_length_of_the_header(String piece) {
        String header = piece.repeat(MANY / piece.length());

        List<String> values = CookieHeader.values(List.of(header + ";id=last"), "id");

        assertThat(values.get(values.size() - 1)).isEqualTo("last");
    }
}
