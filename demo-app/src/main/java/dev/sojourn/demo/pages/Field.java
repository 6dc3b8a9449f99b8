package dev.sojourn.demo.pages;

import org.jspecify.annotations.Nullable;

/**
 * The text that a user entered in a form field, and its validation error.
 *
 * @param value the text as entered
 * @param problem the error as a sentence for the user, or null if the text is valid
 */
record Field(String value, @Nullable String problem) {
    static final Field EMPTY = new Field("", null);

    /** Validates a non-empty text of one line. */
    static Field of(String label, String value, int maxLength) {
        if (value.isEmpty()) {
            return new Field(value, label + " is empty. Please enter something.");
        }
        int length = value.codePointCount(0, value.length());
        if (length > maxLength) {
            return new Field(value, label + " has " + length + " characters; the maximum is " + maxLength + ".");
        }
        if (value.codePoints().anyMatch(Character::isISOControl)) {
            return new Field(value, label + " contains a line break or another control character. Please remove it.");
        }
        return new Field(value, null);
    }

    Field withProblem(String newProblem) {
        return new Field(value, newProblem);
    }

    boolean isValid() {
        return problem == null;
    }
}
