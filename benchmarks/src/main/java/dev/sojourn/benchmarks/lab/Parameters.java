package dev.sojourn.benchmarks.lab;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request. */
final class Parameters {
    private final Map<String, String> values = new HashMap<>();

    /**
     * Parses a query.
     *
     * @param query the raw query, or null if there is none
     */
    Parameters(@Nullable String query) {
        if (query == null) {
            return;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new LabHttpException(
                    400, "the query is not URL-encoded: a percent sign must be followed by two hexadecimal digits");
        }
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new LabHttpException(400, "the parameter " + name + " is missing");
        }
        return value;
    }

    long milliseconds(String name) {
        try {
            long value = Long.parseLong(text(name));
            if (value >= 0 && value <= 60_000) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new LabHttpException(400, "the parameter " + name + " must be a number from 0 to 60000");
    }
}
