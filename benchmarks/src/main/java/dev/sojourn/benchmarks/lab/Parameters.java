package dev.sojourn.benchmarks.lab;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters in a URL's query. */
final class Parameters {
    private final Map<String, String> values = new HashMap<>();

    /**
     * Reads them.
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
                values.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new LabRefusal(400, "a percent sign in the query is followed by two hexadecimal digits");
        }
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new LabRefusal(400, "the parameter " + name + " is missing");
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
            // Said below, for both.
        }
        throw new LabRefusal(400, "the parameter " + name + " lies between 0 and 60000");
    }
}
