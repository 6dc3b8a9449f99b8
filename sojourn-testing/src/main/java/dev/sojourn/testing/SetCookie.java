package dev.sojourn.testing;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@code Set-Cookie} line of a response. Attribute names ignore case; attributes without a value have an empty one. */
record SetCookie(String name, String value, Map<String, String> attributes) {
    static SetCookie parse(String line) {
        String[] parts = line.split(";", -1);
        String[] pair = parts[0].split("=", 2);
        Map<String, String> attributes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < parts.length; i++) {
            String[] attribute = parts[i].split("=", 2);
            attributes.put(attribute[0].trim(), attribute.length > 1 ? attribute[1].trim() : "");
        }
        return new SetCookie(pair[0].trim(), pair.length > 1 ? pair[1].trim() : "", attributes);
    }

    boolean has(String attribute) {
        return attributes.containsKey(attribute);
    }

    String get(String attribute) {
        return attributes.getOrDefault(attribute, "").toLowerCase(Locale.ROOT);
    }

    boolean isExpiry() {
        Duration lifetime = lifetime();
        return lifetime != null && (lifetime.isZero() || lifetime.isNegative());
    }

    /** Returns the lifetime; null if the cookie ends with the browser. Max-Age overrides Expires (RFC 6265, section 5.3). */
    @Nullable
    Duration lifetime() {
        try {
            if (has("Max-Age")) {
                return Duration.ofSeconds(Long.parseLong(get("Max-Age")));
            }
            if (has("Expires")) {
                Instant end = ZonedDateTime.parse(
                                String.valueOf(attributes.get("Expires")), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                return Duration.between(Instant.now(), end);
            }
        } catch (NumberFormatException | DateTimeException e) {
            return null; // browsers ignore what they cannot read
        }
        return null;
    }
}
