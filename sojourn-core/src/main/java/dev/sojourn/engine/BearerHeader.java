package dev.sojourn.engine;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.spi.Exchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bearer token in the {@code Authorization} header of a request (RFC 6750, section 2.1). The other two places of RFC
 * 6750, the body and the URL, are not read: URLs are logged, and a form of another site can send both.
 *
 * @param token the token, in the characters of a {@code b64token}, otherwise unchecked; null if there is none
 * @param refusal why what is there does not count; null if it counts or if no bearer token is there
 */
record BearerHeader(@Nullable String token, @Nullable TokenRefusal refusal) {
    static final String NAME = "Authorization";
    /** The longest token. Larger ones are refused before anything is done with them. */
    static final int LONGEST = 8_192;

    private static final String SCHEME = "Bearer";
    private static final BearerHeader NONE = new BearerHeader(null, null);
    private static final BearerHeader MALFORMED = new BearerHeader(null, TokenRefusal.NOT_ISSUED);
    private static final BearerHeader AMBIGUOUS = new BearerHeader(null, TokenRefusal.AMBIGUOUS);

    /**
     * Reads the header. A request has one {@code Authorization} line with one scheme (RFC 9110, section 11.6.2). If there
     * are several and one of them is {@code Bearer}, none counts: another reader of the request might choose another one.
     * A line of another scheme only is no bearer token.
     */
    static BearerHeader in(Exchange exchange) {
        List<String> lines = exchange.requestHeaders(NAME);
        if (lines.stream().noneMatch(BearerHeader::hasBearer)) {
            return NONE;
        }
        // A comma separates lines that a server or a proxy has joined.
        if (lines.size() > 1 || lines.get(0).indexOf(',') >= 0) {
            return AMBIGUOUS;
        }
        String line = trim(lines.get(0));
        int from = SCHEME.length();
        while (from < line.length() && line.charAt(from) == ' ') {
            from++;
        }
        int length = line.length() - from;
        boolean counts = from > SCHEME.length() && length > 0 && length <= LONGEST && isBase64Token(line, from);
        return counts ? new BearerHeader(line.substring(from), null) : MALFORMED;
    }

    /** Returns whether the line, or a part after a comma, has the scheme. */
    private static boolean hasBearer(String line) {
        int from = 0;
        while (!startsWithScheme(line, from)) {
            int comma = line.indexOf(',', from);
            if (comma < 0) {
                return false;
            }
            from = comma + 1;
        }
        return true;
    }

    private static boolean startsWithScheme(String line, int from) {
        int at = from;
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
        int end = at + SCHEME.length();
        return line.regionMatches(true, at, SCHEME, 0, SCHEME.length())
                && (end == line.length() || !isNameCharacter(line.charAt(end)));
    }

    /** Returns whether the scheme's name would go on with a character (RFC 9110, section 5.6.2). */
    private static boolean isNameCharacter(char c) {
        return isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** Returns whether the rest of a line is {@code 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="}. */
    private static boolean isBase64Token(String line, int from) {
        int end = line.length();
        while (end > from && line.charAt(end - 1) == '=') {
            end--;
        }
        for (int at = from; at < end; at++) {
            char c = line.charAt(at);
            if (!isLetterOrDigit(c) && "-._~+/".indexOf(c) < 0) {
                return false;
            }
        }
        return end > from;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Not {@code String.trim()}, which also removes control characters. */
    private static String trim(String line) {
        int from = 0;
        int to = line.length();
        while (from < to && isBlank(line.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(line.charAt(to - 1))) {
            to--;
        }
        return line.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Omits the token. */
    @Override
    public String toString() {
        return "BearerHeader[redacted]";
    }
}
