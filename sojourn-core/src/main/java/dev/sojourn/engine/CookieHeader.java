package dev.sojourn.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Parses the {@code Cookie} header as a server has to (RFC 6265bis §4.2, §5.8.3): several lines count as one, pairs are
 * separated by semicolons, spaces and tabs around them are removed, names are compared byte for byte. One pair of
 * double quotes around a value is not part of it: {@link java.net.CookieManager} quotes every value of a cookie with a
 * lifetime, following RFC 2965, and also sends {@code $Version} and {@code $Path}, which are cookies of other names
 * here. A semicolon within quotes still ends the pair, and percent signs have no meaning. Linear in the header's
 * length; never throws.
 */
final class CookieHeader {
    private CookieHeader() {}

    /**
     * Returns the values of the cookies of one name, in the header's order.
     *
     * @param lines the header's lines
     * @param name the cookie's name
     * @return the values; empty if there is none
     */
    public static List<String> values(List<String> lines, String name) {
        if (lines.isEmpty()) {
            return List.of();
        }
        List<String> values = new ArrayList<>(1);
        for (String line : lines) {
            collect(line, name, values);
        }
        return values;
    }

    private static void collect(String line, String name, List<String> values) {
        int from = 0;
        while (from <= line.length()) {
            int semicolon = line.indexOf(';', from);
            int to = semicolon < 0 ? line.length() : semicolon;
            pair(line, from, to, name, values);
            from = to + 1;
        }
    }

    private static void pair(String line, int from, int to, String name, List<String> values) {
        int equals = equalsSign(line, from, to);
        if (equals == to) {
            return;
        }
        int nameFrom = skipBlank(line, from, equals);
        int nameTo = trimBlanks(line, nameFrom, equals);
        if (nameTo - nameFrom != name.length() || !line.startsWith(name, nameFrom)) {
            return;
        }
        int valueFrom = skipBlank(line, equals + 1, to);
        values.add(unquote(line.substring(valueFrom, trimBlanks(line, valueFrom, to))));
    }

    private static String unquote(String value) {
        int last = value.length() - 1;
        return last > 0 && value.charAt(0) == '"' && value.charAt(last) == '"' ? value.substring(1, last) : value;
    }

    /** Searches within the pair only: a search to the end of the line for each pair would be quadratic. */
    private static int equalsSign(String line, int from, int to) {
        int at = from;
        while (at < to && line.charAt(at) != '=') {
            at++;
        }
        return at;
    }

    private static int skipBlank(String text, int from, int to) {
        int at = from;
        while (at < to && blank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int trimBlanks(String text, int from, int to) {
        int at = to;
        while (at > from && blank(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t';
    }
}
