package dev.sojourn.engine;

import java.util.Objects;

/** Checks texts that every store and every encoding must be able to hold. */
final class TextRules {
    private static final int LONGEST_SUBJECT = 256;

    private TextRules() {}

    /** Rejects a text that is not a well-formed subject. */
    static void requireSubject(String subject) {
        Objects.requireNonNull(subject, "a subject must be the name of a user, not null; to sign out, call destroy()");
        if (subject.isEmpty() || subject.length() > LONGEST_SUBJECT) {
            throw new IllegalArgumentException(
                    "a subject must have 1 to " + LONGEST_SUBJECT + " characters, but has " + subject.length());
        }
        requireStorable("a subject", subject);
    }

    /** Returns whether a text is a well-formed subject. */
    static boolean isSubject(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST_SUBJECT
                && isWellFormed(text)
                && text.chars().noneMatch(Character::isISOControl);
    }

    /** Rejects an unpaired surrogate, which UTF-8 cannot encode. */
    static void requireWellFormed(String what, String text) {
        if (!isWellFormed(text)) {
            throw new IllegalArgumentException(what + " must be well-formed Unicode, without unpaired surrogates");
        }
    }

    static boolean isWellFormed(String text) {
        int i = 0;
        while (i < text.length()) {
            boolean high = Character.isHighSurrogate(text.charAt(i));
            boolean pair = high && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
            if (Character.isSurrogate(text.charAt(i)) && !pair) {
                return false;
            }
            i += pair ? 2 : 1;
        }
        return true;
    }

    /** Also rejects control characters: databases reject some of them in text, and logs break on others. */
    static void requireStorable(String what, String text) {
        requireWellFormed(what, text);
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + " must not contain control characters");
        }
    }
}
