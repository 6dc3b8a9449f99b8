package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CsrfTokenTest {
    private static final String ID = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private final SecureRandom random = new SecureRandom();

    @Test
    void each_text_of_a_token_is_another_one_and_counts_for_its_session_alone() {
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String text = CsrfToken.of(ID, random);
            assertThat(text).matches("[A-Za-z0-9_-]{86}");
            assertThat(CsrfToken.isFor(ID, text)).isTrue();
            assertThat(CsrfToken.isFor("b" + ID.substring(1), text)).isFalse();
            texts.add(text.substring(0, 43));
        }
        assertThat(texts).hasSize(100);
    }

    @Test
    void a_text_that_was_changed_anywhere_does_not_count() {
        String text = CsrfToken.of(ID, random);
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(CsrfToken.isFor(ID, text.substring(0, i) + other + text.substring(i + 1)))
                    .as("at %d", i)
                    .isFalse();
            assertThat(CsrfToken.isFor(ID, text.substring(0, i))).isFalse();
        }
        assertThat(CsrfToken.isFor(ID, text + "=")).isFalse();
        assertThat(CsrfToken.isFor(ID, text + "A")).isFalse();
        assertThat(CsrfToken.isFor(ID, " ".repeat(86))).isFalse();
        assertThat(CsrfToken.isFor(ID, "ü".repeat(86))).isFalse();
        assertThat(CsrfToken.isFor(ID, "A".repeat(86))).isFalse();
    }
}
