package dev.sojourn.demo.journal;

import dev.sojourn.demo.web.Cookies;
import dev.sojourn.demo.web.Incoming;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a request and an answer that concern sessions. Tokens are shortened, and the journal's own cookie is left
 * out.
 */
final class HttpLines {
    private static final int LONGEST = 120;
    private static final List<String> SHOWN = List.of("Location", "Set-Cookie", "Vary", "Cache-Control");

    private HttpLines() {}

    static List<String> ofRequest(Incoming request) {
        List<String> lines = new ArrayList<>();
        String target = request.target();
        String shown = target.length() > LONGEST ? target.substring(0, LONGEST) + "…" : target;
        lines.add(request.method() + " " + shown + " " + request.protocol());
        for (String line : request.headers("Cookie")) {
            for (String pair : line.split(";", -1)) {
                if (isShown(pair.strip())) {
                    lines.add("Cookie: " + shortened(pair.strip()));
                }
            }
        }
        return lines;
    }

    static List<String> ofAnswer(int status, Head head) {
        List<String> lines = new ArrayList<>();
        lines.add("HTTP/1.1 " + status);
        for (String name : SHOWN) {
            for (String value : head.values(name)) {
                if (!name.equals("Set-Cookie")) {
                    lines.add(name + ": " + value);
                } else if (isShown(value)) {
                    lines.add(name + ": " + shortened(value));
                }
            }
        }
        return lines;
    }

    private static boolean isShown(String cookie) {
        return !cookie.startsWith(Journal.COOKIE + "=");
    }

    /** {@code name=value; attributes} with a value that opens nothing. */
    private static String shortened(String cookie) {
        int equals = cookie.indexOf('=');
        int end = cookie.indexOf(';') < 0 ? cookie.length() : cookie.indexOf(';');
        if (equals < 0 || equals > end) {
            return "…";
        }
        return cookie.substring(0, equals + 1)
                + Cookies.shortened(cookie.substring(equals + 1, end))
                + cookie.substring(end);
    }
}
