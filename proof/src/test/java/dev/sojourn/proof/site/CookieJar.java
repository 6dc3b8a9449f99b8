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

/** A browser's cookies: parsing and storage as RFC 6265bis §5.6 and §5.7 say, with the partitions of CHIPS. Over https only. */
public final class CookieJar {
    private static final int LARGEST_PAIR = 4096;
    private static final int LONGEST_ATTRIBUTE = 1024;

    private final Map<Identity, Cookie> cookies = new LinkedHashMap<>();

    private record Identity(
            String name,
            String domain,
            boolean hostOnly,
            String path,
            @Nullable String partition) {}

    /**
     * A Set-Cookie line as a browser reads it.
     *
     * @param name its name
     * @param value its value
     * @param attributes its attributes, names in lower case; of several of one name the last
     */
    public record Cookie(String name, String value, Map<String, String> attributes) {
        /** The value of an attribute, or null. */
        public @Nullable String attribute(String attribute) {
            return attributes.get(attribute);
        }

        /** Whether an attribute is there. */
        public boolean has(String attribute) {
            return attributes.containsKey(attribute);
        }
    }

    /** Reads a Set-Cookie line (§5.6); empty if a browser ignores it. */
    public static Optional<Cookie> parse(String line) {
        if (line.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7F)) {
            return Optional.empty();
        }
        String[] parts = line.split(";", -1);
        int equals = parts[0].indexOf('=');
        String name = equals < 0 ? "" : trimmed(parts[0].substring(0, equals));
        String value = trimmed(parts[0].substring(equals + 1));
        if (name.length() + value.length() > LARGEST_PAIR || (name.isEmpty() && value.isEmpty())) {
            return Optional.empty();
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            int at = parts[i].indexOf('=');
            String attribute = trimmed(at < 0 ? parts[i] : parts[i].substring(0, at));
            String content = at < 0 ? "" : trimmed(parts[i].substring(at + 1));
            if (content.length() <= LONGEST_ATTRIBUTE) {
                attributes.put(attribute.toLowerCase(Locale.ROOT), content);
            }
        }
        return Optional.of(new Cookie(name, value, attributes));
    }

    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && blank(text.charAt(from))) {
            from++;
        }
        while (to > from && blank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Takes the cookies of an https response of this host and path, embedded in this top-level site. */
    public void receive(String host, String requestPath, String topLevelSite, List<String> lines) {
        for (String line : lines) {
            parse(line).ifPresent(cookie -> store(host, requestPath, topLevelSite, cookie));
        }
    }

    private void store(String host, String requestPath, String topLevelSite, Cookie cookie) {
        String asked =
                Objects.requireNonNullElse(cookie.attribute("domain"), "").toLowerCase(Locale.ROOT);
        String domain = asked.startsWith(".") ? asked.substring(1) : asked;
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

    /** The header line of an https request; empty if no cookie is sent. */
    public Optional<String> header(String host, String requestPath, String topLevelSite) {
        List<String> pairs = new ArrayList<>();
        cookies.forEach((identity, cookie) -> {
            boolean here = identity.hostOnly()
                    ? host.equals(identity.domain())
                    : host.equals(identity.domain()) || host.endsWith("." + identity.domain());
            boolean mine = identity.partition() == null || identity.partition().equals(topLevelSite);
            if (here && mine && covers(identity.path(), requestPath)) {
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

    /** How many cookies there are. */
    public int size() {
        return cookies.size();
    }
}
