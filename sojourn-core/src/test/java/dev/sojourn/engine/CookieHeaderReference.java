package dev.sojourn.engine;

import java.util.ArrayList;
import java.util.List;

/** A simple, slow parser of the {@code Cookie} header, to compare {@link CookieHeader} with. */
final class CookieHeaderReference {
    private CookieHeaderReference() {}

    static List<String> values(List<String> lines, String name) {
        List<String> values = new ArrayList<>();
        for (String line : lines) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals >= 0 && trim(pair.substring(0, equals)).equals(name)) {
                    values.add(unquote(trim(pair.substring(equals + 1))));
                }
            }
        }
        return values;
    }

    private static String unquote(String text) {
        return text.replaceAll("(?s)\\A\"(.*)\"\\z", "$1");
    }

    private static String trim(String text) {
        return text.replaceAll("^[ \\t]+|[ \\t]+\\z", "");
    }
}
