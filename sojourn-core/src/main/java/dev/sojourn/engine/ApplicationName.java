package dev.sojourn.engine;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Encodes an application's path in the characters of a cookie's name: a dot for each slash, and a percent sign with the
 * byte in hexadecimal for any character except letters, digits, hyphens and underscores. Two paths never have the same
 * name.
 */
final class ApplicationName {
    private ApplicationName() {}

    /** Returns for example {@code .shop} for {@code /shop}. */
    static String of(String application) {
        StringBuilder name = new StringBuilder();
        for (byte each : application.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (each & 0xff);
            if (character == '/') {
                name.append('.');
            } else if (isPlain(character)) {
                name.append(character);
            } else {
                name.append(String.format(Locale.ROOT, "%%%02X", each));
            }
        }
        return name.toString();
    }

    private static boolean isPlain(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '-'
                || character == '_';
    }
}
