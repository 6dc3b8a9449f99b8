package dev.sojourn.demo.web;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Refuses forms that another site makes the browser submit (CSRF). Browsers do not send the SameSite=Lax session cookie
 * with most of them. But another port of localhost is the same site to a browser, so the origin is checked, too. A
 * client that sends no origin is not a browser, and cannot be made to submit a form.
 */
final class SameOrigin {
    private SameOrigin() {}

    static void check(RawRequest request) {
        String method = request.method();
        if (!method.equals("GET") && !method.equals("HEAD") && isCrossOrigin(request)) {
            throw new HttpErrorException(
                    403,
                    "Forbidden",
                    "This form came from another site. The demo accepts forms from its own pages only. Nothing was"
                            + " changed.");
        }
    }

    private static boolean isCrossOrigin(RawRequest request) {
        String site = first(request, "Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = first(request, "Origin");
        return origin != null && !authority(origin).equals(lower(first(request, "Host")));
    }

    private static @Nullable String first(RawRequest request, String header) {
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
