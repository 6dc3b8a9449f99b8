package dev.sojourn.jwt;

/** Checks texts before they are encoded: Java would write a question mark for an unpaired surrogate. */
final class Unicode {
    private Unicode() {}

    /** Returns whether a text has no unpaired surrogate, so that UTF-8 can encode it. */
    static boolean isWellFormed(String text) {
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns a text if it is well-formed.
     *
     * @param what what it is, for the message
     * @throws IllegalArgumentException if it is not; the message does not quote it
     */
    static String requireWellFormed(String what, String text) {
        if (!isWellFormed(text)) {
            throw new IllegalArgumentException(what + " must be well-formed Unicode, without unpaired surrogates");
        }
        return text;
    }
}
