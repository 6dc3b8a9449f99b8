package dev.sojourn.demo.web;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads and shortens cookies. */
public final class Cookies {
    private static final int SHOWN_LENGTH = 6;

    private Cookies() {}

    /**
     * Returns the value of a cookie.
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
     * Shortens a token, so that it is no longer usable.
     *
     * @param value a token
     * @return its first characters and its length
     */
    public static String shorten(String value) {
        if (value.isEmpty()) {
            return "";
        }
        // A value shorter than a token is not shown at all: the first characters could be the whole secret.
        String head = value.length() > 4 * SHOWN_LENGTH ? value.substring(0, SHOWN_LENGTH) : "";
        return head + "… (" + value.length() + " characters)";
    }
}
