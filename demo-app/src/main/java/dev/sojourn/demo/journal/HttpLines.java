package dev.sojourn.demo.journal;

import dev.sojourn.demo.web.Cookies;
import dev.sojourn.demo.web.RawRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Extracts the lines of a request and a response that concern sessions. Shortens tokens and omits the journal's cookie.
 */
final class HttpLines {
    private static final int MAX_TARGET_LENGTH = 120;
    private static final List<String> SHOWN =
            List.of("Location", "WWW-Authenticate", "Set-Cookie", "Vary", "Cache-Control");

    private HttpLines() {}

    static List<String> ofRequest(RawRequest request) {
        List<String> lines = new ArrayList<>();
        String target = request.target();
        String shown = target.length() > MAX_TARGET_LENGTH ? target.substring(0, MAX_TARGET_LENGTH) + "…" : target;
        lines.add(request.method() + " " + shown + " " + request.protocol());
        for (String line : request.headers("Cookie")) {
            for (String pair : line.split(";", -1)) {
                if (isShown(pair.strip())) {
                    lines.add("Cookie: " + shorten(pair.strip()));
                }
            }
        }
        for (String line : request.headers("Authorization")) {
            lines.add("Authorization: " + shortenCredentials(line));
        }
        return lines;
    }

    static List<String> ofResponse(int status, ResponseHead head) {
        List<String> lines = new ArrayList<>();
        lines.add("HTTP/1.1 " + status);
        for (String name : SHOWN) {
            for (String value : head.values(name)) {
                if (!name.equals("Set-Cookie")) {
                    lines.add(name + ": " + value);
                } else if (isShown(value)) {
                    lines.add(name + ": " + shorten(value));
                }
            }
        }
        return lines;
    }

    private static boolean isShown(String cookie) {
        return !cookie.startsWith(Journal.COOKIE + "=");
    }

    /** Shortens the value in {@code Bearer value}, so that it is no longer usable. */
    private static String shortenCredentials(String line) {
        int blank = line.indexOf(' ');
        return line.substring(0, blank + 1) + Cookies.shorten(line.substring(blank + 1));
    }

    /** Shortens the value in {@code name=value; attributes}, so that it is no longer usable. */
    private static String shorten(String cookie) {
        int equals = cookie.indexOf('=');
        int end = cookie.indexOf(';') < 0 ? cookie.length() : cookie.indexOf(';');
        if (equals < 0 || equals > end) {
            return "…";
        }
        return cookie.substring(0, equals + 1)
                + Cookies.shorten(cookie.substring(equals + 1, end))
                + cookie.substring(end);
    }
}
