package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.LogText;
import java.util.function.IntPredicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LogTextTest {
    @Test
    void an_ordinary_name_is_unchanged() {
        for (String name : new String[] {"", "cart", "größe", "\uD83C\uDF75", "a b", "it's"}) {
            assertThat(LogText.text(name)).isEqualTo(name);
        }
        assertThat(LogText.quote("cart")).isEqualTo("'cart'");
    }

    @Test
    void characters_that_break_or_change_a_line_are_escaped() {
        assertThat(LogText.text("a\nb\tc\u0000\u001b[31m\u007f\u0085"))
                .isEqualTo("a\\u000ab\\u0009c\\u0000\\u001b[31m\\u007f\\u0085");
        assertThat(LogText.text("\u2028\u2029\u202e\u200b\ufeff")).isEqualTo("\\u2028\\u2029\\u202e\\u200b\\ufeff");
        assertThat(LogText.text("\ud800")).isEqualTo("\\ud800");
        assertThat(LogText.text("\\u000a")).isEqualTo("\\\\u000a");
    }

    @Test
    void a_long_text_is_truncated() {
        assertThat(LogText.text("x".repeat(10_000))).isEqualTo("x".repeat(200) + "\u2026");
        assertThat(LogText.text("\n".repeat(10_000))).hasSize(1_201);
    }

    @Property
    void any_text_stays_on_one_line(@ForAll String text) {
        IntPredicate breaks = c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
        assertThat(LogText.text(text).chars().anyMatch(breaks)).isFalse();
    }
}
