package dev.sojourn.engine;

import java.util.Objects;

/** Texts that every store and every encoding can hold. */
final class TextRules {
    private static final int LONGEST_SUBJECT = 256;

    private TextRules() {}

    /** Refuses what is no name of a user. */
    static void requireSubject(String subject) {
        Objects.requireNonNull(subject, "a subject is the name of a user, not null; to sign out, call destroy()");
        if (subject.isEmpty() || subject.length() > LONGEST_SUBJECT) {
            throw new IllegalArgumentException(
                    "a subject has 1 to " + LONGEST_SUBJECT + " characters, not " + subject.length());
        }
        requireStorable("a subject", subject);
    }

    /** Refuses half a surrogate pair, which UTF-8 cannot write. */
    static void requireWellFormed(String what, String text) {
        if (!isWellFormed(text)) {
            throw new IllegalArgumentException(what + " is well-formed Unicode, without half a surrogate pair");
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

    /** Refuses control characters too: databases refuse some of them in text, and logs break on others. */
    static void requireStorable(String what, String text) {
        requireWellFormed(what, text);
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(what + " holds no control characters");
        }
    }
}
