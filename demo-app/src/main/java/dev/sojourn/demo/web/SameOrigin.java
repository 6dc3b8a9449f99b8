package dev.sojourn.demo.web;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Refuses forms that another site made the browser send. The session's cookie is SameSite=Lax and would stay at home for
 * most of them; but for browsers another port of localhost is the same site, so the origin is looked at too. A client
 * that names no origin is not a browser, and nobody can make it send a form.
 */
final class SameOrigin {
    private SameOrigin() {}

    static void check(Incoming request) {
        String method = request.method();
        if (!method.equals("GET") && !method.equals("HEAD") && isForeign(request)) {
            throw new Refusal(
                    403,
                    "Refused",
                    "This form came from another site. The demo takes forms from its own pages only, so nothing was"
                            + " changed.");
        }
    }

    private static boolean isForeign(Incoming request) {
        String site = first(request, "Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = first(request, "Origin");
        return origin != null && !authority(origin).equals(lower(first(request, "Host")));
    }

    private static @Nullable String first(Incoming request, String header) {
        return request.headers(header).stream().findFirst().orElse(null);
    }

    private static String authority(String origin) {
        try {
            return lower(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return "not an origin";
        }
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
