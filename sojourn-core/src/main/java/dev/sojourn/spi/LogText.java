package dev.sojourn.spi;

import java.util.Locale;

/**
 * Makes text from outside, such as an attribute's name, safe for a log line or a message: on one line, without
 * characters that change how the rest of the line is displayed.
 */
public final class LogText {
    private static final int LONGEST = 200;

    private LogText() {}

    /**
     * Returns a text with control characters, line separators, invisible formatting characters and unpaired surrogates
     * as {@code \\uXXXX}, and with backslashes doubled so that the escapes are unambiguous. Truncates a long text.
     *
     * @param text any text
     * @return at most 200 characters of it
     */
    public static String text(String text) {
        StringBuilder plain = null;
        int length = Math.min(text.length(), LONGEST);
        for (int at = 0; at < length; ) {
            int code = text.codePointAt(at);
            int next = at + Character.charCount(code);
            if (isPlain(code)) {
                if (plain != null) {
                    plain.appendCodePoint(code);
                }
            } else {
                plain = plain == null ? new StringBuilder(text.substring(0, at)) : plain;
                plain.append(code == '\\' ? "\\\\" : escape(text, at, next));
            }
            at = next;
        }
        String whole = plain == null ? text : plain.toString();
        return text.length() <= LONGEST ? whole : (plain == null ? text.substring(0, length) : whole) + "\u2026";
    }

    /**
     * Returns a text as {@link #text} does, within apostrophes.
     *
     * @param name any text
     * @return the text in apostrophes
     */
    public static String quote(String name) {
        return "'" + text(name) + "'";
    }

    private static boolean isPlain(int code) {
        return switch (Character.getType(code)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> code != '\\';
        };
    }

    private static String escape(String text, int from, int to) {
        StringBuilder escaped = new StringBuilder();
        for (int at = from; at < to; at++) {
            escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) text.charAt(at)));
        }
        return escaped.toString();
    }
}
