package dev.sojourn.engine;

import java.util.ArrayList;
import java.util.List;

/** The same reading of a {@code Cookie} header, told as plainly as it goes and without a thought for speed. */
final class CookieHeaderReference {
    private CookieHeaderReference() {}

    static List<String> values(List<String> lines, String name) {
        List<String> values = new ArrayList<>();
        for (String line : lines) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals >= 0 && trimmed(pair.substring(0, equals)).equals(name)) {
                    values.add(unquoted(trimmed(pair.substring(equals + 1))));
                }
            }
        }
        return values;
    }

    private static String unquoted(String text) {
        return text.replaceAll("(?s)\\A\"(.*)\"\\z", "$1");
    }

    private static String trimmed(String text) {
        return text.replaceAll("^[ \\t]+|[ \\t]+\\z", "");
    }
}
