package dev.sojourn.engine;

import dev.sojourn.spi.LogText;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The origin of a page: scheme, host and port (RFC 6454), compared exactly.
 *
 * @param scheme in lower case
 * @param host a name in lower case, without a trailing dot, or an IP address; an IPv6 address in brackets, in one spelling
 * @param port the port, that of the scheme if none is written; -1 if the scheme has none
 */
record WebOrigin(String scheme, String host, int port) {
    private static final int LONGEST = 300;
    private static final int LARGEST_PORT = 65_535;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private static final String LABEL = "[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?";
    /** No user, no path, no trailing dot. */
    private static final Pattern FORM = Pattern.compile(
            "([a-z][a-z0-9+.-]*)://(" + LABEL + "(?:\\." + LABEL + ")*|\\[[0-9a-f:.]{2,45}])(?::([0-9]{1,5}))?");

    private static final int HOST_GROUP = 2;
    private static final int PORT_GROUP = 5;

    /**
     * Parses an {@code Origin} header, which browsers write in lower case.
     *
     * @return the origin; null if the text is not one
     */
    static @Nullable WebOrigin of(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        String scheme = parts.group(1);
        String host = host(parts.group(HOST_GROUP));
        int port = port(scheme, parts.group(PORT_GROUP));
        return host == null || port > LARGEST_PORT ? null : new WebOrigin(scheme, host, port);
    }

    private static @Nullable String host(String text) {
        if (!text.startsWith("[")) {
            return text;
        }
        IpAddress address = IpAddress.literal(text.substring(1, text.length() - 1));
        return address == null ? null : "[" + address + "]";
    }

    private static int port(String scheme, @Nullable String text) {
        if (text != null) {
            return Integer.parseInt(text);
        }
        return switch (scheme) {
            case "http" -> HTTP;
            case "https" -> HTTPS;
            default -> -1;
        };
    }

    /**
     * Returns the origin of a URL, as a {@code Referer} header has it.
     *
     * @return the origin; null if the text is no URL with a host
     */
    static @Nullable WebOrigin ofUrl(String url) {
        int from = url.indexOf("://");
        int end = from < 0 ? url.length() : from + "://".length();
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return of(url.substring(0, end));
    }

    /**
     * Returns the origin of a page that a server serves.
     *
     * @param host the {@code Host} header, in any case
     * @return the origin; null if that is no host
     */
    static @Nullable WebOrigin ofHost(String scheme, String host) {
        return of(scheme + "://" + host.trim().toLowerCase(Locale.ROOT));
    }

    /**
     * Parses an origin that an application has configured.
     *
     * @param option the option's name, for the message
     * @throws IllegalArgumentException if browsers never send it
     */
    static WebOrigin configured(String option, String text) {
        WebOrigin origin = of(text.toLowerCase(Locale.ROOT));
        if (origin == null) {
            throw new IllegalArgumentException(option + " takes an origin as browsers send it, such as"
                    + " https://app.example.com or http://localhost:3000: a scheme, a host and, unless it is the default, a"
                    + " port, without a path, a trailing slash or '*'. It was " + LogText.quote(text));
        }
        return origin;
    }
}
