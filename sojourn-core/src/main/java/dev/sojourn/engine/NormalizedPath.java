package dev.sojourn.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * A request's path in one canonical spelling: paths that several routers may treat as equal are equal here. Decides
 * whether a path is below another one, and in doubt that it is.
 *
 * <p><b>One spelling.</b> Percent signs are decoded until none is left to decode, including overlong UTF-8 and {@code
 * %uXXXX}; a backslash is a slash; empty segments and dots are removed; case makes no difference; a {@code ;parameter},
 * and anything after a {@code ?} or {@code #} that stayed in the path, ends its segment. These are the finest pieces
 * that any router could see: if a router sees the wanted segments in sequence, they are in sequence here.
 *
 * <p><b>Two dots.</b> Routers disagree on when they remove a segment for {@code ..}: before they decode or after, with
 * parameters or without. Whatever they do, some of the segments remain, in order. So in a path with two dots, or with
 * parameters that may hide a slash, the wanted segments need only follow each other with anything in between. Browsers
 * resolve dots before they send a path, so this does not affect regular clients.
 *
 * <p>A path is below another one wherever that one begins in it: an application may be mounted below a prefix. Linear
 * in the path's length; never throws.
 */
final class NormalizedPath {
    /** Only a percent sign in overlong UTF-8 needs a second round. */
    private static final int MOST_ROUNDS = 4;

    private static final int LARGEST_UNICODE_ESCAPE = 6;
    private static final int HEX = 16;

    private final List<String> segments;
    private final boolean hasDoubt;

    private NormalizedPath(List<String> segments, boolean hasDoubt) {
        this.segments = segments;
        this.hasDoubt = hasDoubt;
    }

    /** Parses a path as it was sent. */
    static NormalizedPath of(String path) {
        String text = plain(path);
        List<String> segments = new ArrayList<>();
        boolean doubt = false;
        int from = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at == text.length() || text.charAt(at) == '/' || text.charAt(at) == '\\') {
                String segment = withoutParameters(text.substring(from, at));
                boolean dots = segment.equals("..");
                doubt |= dots || segment.length() < at - from;
                if (!dots && !segment.isEmpty() && !segment.equals(".")) {
                    segments.add(foldCase(segment));
                }
                from = at + 1;
            }
        }
        return new NormalizedPath(segments, doubt);
    }

    /** Returns whether it has no segments, so that every path is below it. */
    boolean isRoot() {
        return segments.isEmpty();
    }

    /** Returns whether routers may interpret it in several ways. */
    boolean hasDoubt() {
        return hasDoubt;
    }

    /** Returns whether this path equals another one or is below it. */
    boolean isBelow(NormalizedPath other) {
        return hasDoubt ? holdsInOrder(other.segments) : holdsTogether(other.segments);
    }

    private boolean holdsTogether(List<String> wanted) {
        for (int from = 0; from + wanted.size() <= segments.size(); from++) {
            if (segments.subList(from, from + wanted.size()).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    private boolean holdsInOrder(List<String> wanted) {
        int found = 0;
        for (String segment : segments) {
            if (found < wanted.size() && segment.equals(wanted.get(found))) {
                found++;
            }
        }
        return found == wanted.size();
    }

    private static String plain(String path) {
        String text = path;
        String before = "";
        for (int round = 0; round < MOST_ROUNDS && !text.equals(before); round++) {
            before = text;
            text = utf8(decode(text));
        }
        return text;
    }

    private static String withoutParameters(String segment) {
        for (int at = 0; at < segment.length(); at++) {
            if (";?#".indexOf(segment.charAt(at)) >= 0) {
                return segment.substring(0, at);
            }
        }
        return segment;
    }

    /** Folds case like case-insensitive routers, except for Turkish and other special rules. */
    private static String foldCase(String segment) {
        StringBuilder folded = new StringBuilder(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            folded.append(Character.toLowerCase(Character.toUpperCase(segment.charAt(i))));
        }
        return folded.toString();
    }

    /**
     * Decodes escapes, including those that result from escapes, in one pass. Characters that result from an escape are
     * bytes.
     */
    private static String decode(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder plain = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            plain.append(path.charAt(i));
            while (endsWithEscape(plain, 3, '%')) {
                replaceEscape(plain, 3, 1);
            }
            if (endsWithEscape(plain, LARGEST_UNICODE_ESCAPE, 'u')) {
                replaceEscape(plain, LARGEST_UNICODE_ESCAPE, 2);
            }
        }
        return plain.toString();
    }

    /**
     * Returns whether a text ends with an escape of this length: a percent sign, possibly a {@code u}, and hexadecimal
     * digits.
     */
    private static boolean endsWithEscape(StringBuilder text, int length, char mark) {
        int from = text.length() - length;
        if (from < 0 || text.charAt(from) != '%') {
            return false;
        }
        boolean unicode = mark == 'u';
        if (unicode && Character.toLowerCase(text.charAt(from + 1)) != mark) {
            return false;
        }
        for (int at = from + (unicode ? 2 : 1); at < text.length(); at++) {
            if (text.charAt(at) > 'f' || Character.digit(text.charAt(at), HEX) < 0) {
                return false;
            }
        }
        return true;
    }

    private static void replaceEscape(StringBuilder text, int length, int digits) {
        int from = text.length() - length;
        char decoded = (char) Integer.parseInt(text, from + digits, text.length(), HEX);
        text.setLength(from);
        text.append(decoded);
    }

    /** Decodes bytes as lenient UTF-8, so that a slash or a dot in an overlong form (RFC 3629 §10) is recognized. */
    private static String utf8(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text;
        }
        StringBuilder read = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); ) {
            char first = text.charAt(at);
            int more = following(first);
            int code = more == 0 ? first : first & (0x3F >> more);
            int end = at + 1;
            while (end < text.length() && end - at <= more && isContinuation(text.charAt(end))) {
                code = (code << 6) | (text.charAt(end) & 0x3F);
                end++;
            }
            boolean whole = end - at == more + 1 && Character.isValidCodePoint(code);
            read.appendCodePoint(whole ? code : first);
            at = whole ? end : at + 1;
        }
        return read.toString();
    }

    private static int following(char first) {
        if (first >= 0xC0 && first < 0xE0) {
            return 1;
        }
        if (first >= 0xE0 && first < 0xF0) {
            return 2;
        }
        return first >= 0xF0 && first < 0xF8 ? 3 : 0;
    }

    private static boolean isContinuation(char c) {
        return c >= 0x80 && c < 0xC0;
    }

    /** Returns the path in its canonical spelling. */
    @Override
    public String toString() {
        return "/" + String.join("/", segments);
    }
}
