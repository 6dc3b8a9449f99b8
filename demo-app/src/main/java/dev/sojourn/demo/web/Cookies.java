package dev.sojourn.demo.web;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads Cookie headers, as far as the demo shows them. */
public final class Cookies {
    private static final int SHOWN = 6;

    private Cookies() {}

    /**
     * The value of a cookie.
     *
     * @param headers the Cookie headers
     * @param name the cookie's name
     * @return the first value, or empty
     */
    public static Optional<String> value(List<String> headers, String name) {
        return headers.stream()
                .flatMap(line -> Stream.of(line.split(";", -1)))
                .map(String::strip)
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst();
    }

    /**
     * A value cut so short that it opens nothing.
     *
     * @param value a token
     * @return its first characters and its length
     */
    public static String shortened(String value) {
        if (value.isEmpty()) {
            return "";
        }
        // Of something shorter than a token nothing is shown: it could be all of a secret.
        String head = value.length() > 4 * SHOWN ? value.substring(0, SHOWN) : "";
        return head + "… (" + value.length() + " characters)";
    }
}
