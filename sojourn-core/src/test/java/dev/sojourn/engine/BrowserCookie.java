package dev.sojourn.engine;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cookie as a browser stores it from a {@code Set-Cookie} line: an independent implementation of RFC 6265bis §5.6 and §5.7,
 * and of CHIPS.
 *
 * @param name the name
 * @param value the value
 * @param path the path, or null for the default path
 * @param domain the domain, or null for the host only
 * @param maxAge the lifetime in seconds, or null
 * @param sameSite as written, or null
 * @param priority as written, or null
 * @param secure whether it is sent over https only
 * @param httpOnly whether scripts cannot read it
 * @param partitioned whether it is stored separately for each embedding site
 */
record BrowserCookie(
        String name,
        String value,
        @Nullable String path,
        @Nullable String domain,
        @Nullable Long maxAge,
        @Nullable String sameSite,
        @Nullable String priority,
        boolean secure,
        boolean httpOnly,
        boolean partitioned) {

    /** Returns the cookie that a browser stores from an https response, or empty if it ignores the line. */
    static Optional<BrowserCookie> of(String line) {
        if (line.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7f)) {
            return Optional.empty();
        }
        String[] parts = line.split(";", -1);
        int equals = parts[0].indexOf('=');
        String name = equals < 0 ? "" : trim(parts[0].substring(0, equals));
        String value = trim(parts[0].substring(equals + 1));
        if (name.isEmpty() || name.length() + value.length() > 4096) {
            return Optional.empty();
        }
        BrowserCookie cookie = new BrowserCookie(name, value, null, null, null, null, null, false, false, false);
        for (int i = 1; i < parts.length; i++) {
            cookie = cookie.with(parts[i]);
        }
        return cookie.isKept() ? Optional.of(cookie) : Optional.empty();
    }

    private BrowserCookie with(String attribute) {
        int equals = attribute.indexOf('=');
        String key =
                trim(equals < 0 ? attribute : attribute.substring(0, equals)).toLowerCase(Locale.ROOT);
        String text = equals < 0 ? "" : trim(attribute.substring(equals + 1));
        if (text.length() > 1024) {
            return this;
        }
        return switch (key) {
            case "path" -> copy(text.startsWith("/") ? text : null, domain, maxAge, sameSite, priority);
            case "domain" -> copy(path, host(text), maxAge, sameSite, priority);
            case "max-age" -> copy(path, domain, seconds(text), sameSite, priority);
            case "samesite" -> copy(path, domain, maxAge, text, priority);
            case "priority" -> copy(path, domain, maxAge, sameSite, text);
            case "secure" ->
                new BrowserCookie(name, value, path, domain, maxAge, sameSite, priority, true, httpOnly, partitioned);
            case "httponly" ->
                new BrowserCookie(name, value, path, domain, maxAge, sameSite, priority, secure, true, partitioned);
            case "partitioned" ->
                new BrowserCookie(name, value, path, domain, maxAge, sameSite, priority, secure, httpOnly, true);
            default -> this;
        };
    }

    private BrowserCookie copy(
            @Nullable String newPath,
            @Nullable String newDomain,
            @Nullable Long newMaxAge,
            @Nullable String newSameSite,
            @Nullable String newPriority) {
        return new BrowserCookie(
                name, value, newPath, newDomain, newMaxAge, newSameSite, newPriority, secure, httpOnly, partitioned);
    }

    private static @Nullable String host(String text) {
        String host = text.startsWith(".") ? text.substring(1) : text;
        return host.isEmpty() ? null : host.toLowerCase(Locale.ROOT);
    }

    private @Nullable Long seconds(String text) {
        return text.matches("-?[0-9]+") ? Long.valueOf(text) : maxAge;
    }

    private boolean isKept() {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("__host-") && !(secure && domain == null && "/".equals(path))) {
            return false;
        }
        if (lower.startsWith("__secure-") && !secure) {
            return false;
        }
        if (lower.startsWith("__http-") && !(secure && httpOnly)) {
            return false;
        }
        boolean none = sameSite != null && sameSite.equalsIgnoreCase("none");
        return secure || !(none || partitioned);
    }

    private static String trim(String text) {
        return text.replaceAll("^[ \\t]+|[ \\t]+\\z", "");
    }
}
