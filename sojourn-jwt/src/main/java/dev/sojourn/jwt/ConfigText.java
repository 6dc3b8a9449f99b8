package dev.sojourn.jwt;

import dev.sojourn.spi.LogText;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks texts that an application configures. */
final class ConfigText {
    private ConfigText() {}

    /** Returns a text, or throws with a message that names the option and how to set it. */
    static String require(@Nullable String text, String option, String example) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException(option + " is missing (is the environment variable set?): " + option
                    + " must be given, for example " + example);
        }
        if (!text.equals(text.strip()) || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(option + " must not begin or end with white space or contain control"
                    + " characters, but is " + LogText.quote(text));
        }
        return text;
    }

    /** Returns at least one text. */
    static Set<String> require(@Nullable String first, String[] more, String option, String example) {
        Set<String> texts = new LinkedHashSet<>();
        texts.add(require(first, option, example));
        for (String each : more) {
            texts.add(require(each, option, example));
        }
        return texts;
    }
}
