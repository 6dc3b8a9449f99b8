package dev.sojourn.demo.pages;

import org.jspecify.annotations.Nullable;

/**
 * A text that a visitor entered, and what is wrong with it.
 *
 * @param value as entered
 * @param problem a sentence for the visitor, or null
 */
record Field(String value, @Nullable String problem) {
    static final Field EMPTY = new Field("", null);

    /** A text of one line, not empty. */
    static Field of(String label, String value, int longest) {
        if (value.isEmpty()) {
            return new Field(value, label + " is empty. Please enter something.");
        }
        if (value.codePointCount(0, value.length()) > longest) {
            return new Field(
                    value,
                    label + " has " + value.codePointCount(0, value.length()) + " characters; " + longest
                            + " is the most.");
        }
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            return new Field(value, label + " holds a line break or another control character. Please leave it out.");
        }
        return new Field(value, null);
    }

    Field wrong(String why) {
        return new Field(value, why);
    }

    boolean isFine() {
        return problem == null;
    }
}
