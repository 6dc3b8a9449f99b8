package dev.sojourn.proof.site;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A browser's cookie jar for https: parses and stores cookies as RFC 6265bis §5.6 and §5.7 specify, with CHIPS partitions. */
public final class CookieJar {
    private static final int MAX_PAIR_LENGTH = 4096;
    private static final int MAX_ATTRIBUTE_LENGTH = 1024;

    private final Map<Identity, Cookie> cookies = new LinkedHashMap<>();

    private record Identity(
            String name,
            String domain,
            boolean hostOnly,
            String path,
            @Nullable String partition) {}

    /**
     * A parsed Set-Cookie line.
     *
     * @param name the cookie's name
     * @param value the cookie's value
     * @param attributes the attributes by lower-case name; the last one wins if a name repeats
     */
    public record Cookie(String name, String value, Map<String, String> attributes) {
        /** Returns the value of an attribute, or null. */
        public @Nullable String attribute(String attribute) {
            return attributes.get(attribute);
        }

        /** Returns whether an attribute is present. */
        public boolean has(String attribute) {
            return attributes.containsKey(attribute);
        }
    }

    /** Parses a Set-Cookie line (§5.6); empty if a browser ignores it. */
    public static Optional<Cookie> parse(String line) {
        if (line.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7F)) {
            return Optional.empty();
        }
        String[] parts = line.split(";", -1);
        int equals = parts[0].indexOf('=');
        String name = equals < 0 ? "" : trim(parts[0].substring(0, equals));
        String value = trim(parts[0].substring(equals + 1));
        if (name.length() + value.length() > MAX_PAIR_LENGTH || (name.isEmpty() && value.isEmpty())) {
            return Optional.empty();
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int at = parts[i].indexOf('=');
            String attribute = trim(at < 0 ? parts[i] : parts[i].substring(0, at));
            String content = at < 0 ? "" : trim(parts[i].substring(at + 1));
            if (content.length() <= MAX_ATTRIBUTE_LENGTH) {
                attributes.put(attribute.toLowerCase(Locale.ROOT), content);
            }
        }
        return Optional.of(new Cookie(name, value, attributes));
    }

    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Stores the cookies of an https response of this host and path, embedded in this top-level site. */
    public void receive(String host, String requestPath, String topLevelSite, List<String> lines) {
        for (String line : lines) {
            parse(line).ifPresent(cookie -> store(host, requestPath, topLevelSite, cookie));
        }
    }

    private void store(String host, String requestPath, String topLevelSite, Cookie cookie) {
        String requested =
                Objects.requireNonNullElse(cookie.attribute("domain"), "").toLowerCase(Locale.ROOT);
        String domain = requested.startsWith(".") ? requested.substring(1) : requested;
        boolean hostOnly = domain.isEmpty();
        if (!hostOnly && !host.equals(domain) && !host.endsWith("." + domain)) {
            return;
        }
        String path = Objects.requireNonNullElse(cookie.attribute("path"), "");
        if (!path.startsWith("/")) {
            int slash = requestPath.lastIndexOf('/');
            path = slash <= 0 ? "/" : requestPath.substring(0, slash);
        }
        boolean secure = cookie.has("secure");
        String lower = cookie.name().toLowerCase(Locale.ROOT);
        boolean refused = ("none".equalsIgnoreCase(cookie.attribute("samesite")) && !secure)
                || (cookie.has("partitioned") && !secure)
                || (lower.startsWith("__secure-") && !secure)
                || (lower.startsWith("__host-") && !(secure && hostOnly && path.equals("/")));
        if (refused) {
            return;
        }
        Identity identity = new Identity(
                cookie.name(),
                hostOnly ? host : domain,
                hostOnly,
                path,
                cookie.has("partitioned") ? topLevelSite : null);
        String maxAge = cookie.attribute("max-age");
        if (maxAge != null && Long.parseLong(maxAge) <= 0) {
            cookies.remove(identity);
        } else {
            cookies.put(identity, cookie);
        }
    }

    /** Returns the Cookie header line of an https request; empty if no cookie is sent. */
    public Optional<String> header(String host, String requestPath, String topLevelSite) {
        List<String> pairs = new ArrayList<>();
        cookies.forEach((identity, cookie) -> {
            boolean sameHost = identity.hostOnly()
                    ? host.equals(identity.domain())
                    : host.equals(identity.domain()) || host.endsWith("." + identity.domain());
            boolean samePartition =
                    identity.partition() == null || identity.partition().equals(topLevelSite);
            if (sameHost && samePartition && covers(identity.path(), requestPath)) {
                pairs.add(cookie.name() + "=" + cookie.value());
            }
        });
        return pairs.isEmpty()
                ? Optional.empty()
                : Optional.of("Cookie: " + pairs.stream().collect(Collectors.joining("; ")));
    }

    private static boolean covers(String path, String requestPath) {
        return requestPath.startsWith(path)
                && (requestPath.length() == path.length()
                        || path.endsWith("/")
                        || requestPath.charAt(path.length()) == '/');
    }

    /** Returns the number of cookies. */
    public int size() {
        return cookies.size();
    }
}
