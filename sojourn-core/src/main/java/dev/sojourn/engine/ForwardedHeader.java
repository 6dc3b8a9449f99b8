package dev.sojourn.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Parses the {@code Forwarded} header (RFC 7239 §4). A quoted text is one value, whatever commas and semicolons a
 * client put into it. Linear in the header's length; never throws.
 */
final class ForwardedHeader {
    private final String line;
    private final List<Map<String, String>> hops = new ArrayList<>();
    private Map<String, String> hop = new HashMap<>();
    private int at;

    private ForwardedHeader(String line) {
        this.line = line;
    }

    /**
     * Returns the hops in order, each with its parameters by their names in lower case. A malformed line is one hop
     * without parameters.
     */
    static List<Map<String, String>> hops(List<String> lines) {
        List<Map<String, String>> hops = new ArrayList<>();
        for (String line : lines) {
            hops.addAll(new ForwardedHeader(line).read());
        }
        return hops;
    }

    private List<Map<String, String>> read() {
        while (at < line.length()) {
            String name = name();
            if (at < line.length() && line.charAt(at) == '=') {
                at++;
                String value = value();
                boolean ended = at == line.length() || line.charAt(at) == ';' || line.charAt(at) == ',';
                if (!ended || hop.put(name, value) != null) {
                    return List.of(Map.of());
                }
            }
            if (at < line.length() && line.charAt(at) == ',') {
                endHop();
            }
            at++;
        }
        endHop();
        return hops;
    }

    private void endHop() {
        hops.add(hop);
        hop = new HashMap<>();
    }

    private String name() {
        int from = at;
        while (at < line.length() && ",;=".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        return line.substring(from, at).trim().toLowerCase(Locale.ROOT);
    }

    /** Reads a value, up to the separator after it; if it is malformed, up to the malformed place. */
    private String value() {
        skipBlank();
        if (at == line.length() || line.charAt(at) != '"') {
            int from = at;
            while (at < line.length() && ",;\"".indexOf(line.charAt(at)) < 0) {
                at++;
            }
            return line.substring(from, at).trim();
        }
        StringBuilder text = new StringBuilder();
        int open = at++;
        while (at < line.length() && line.charAt(at) != '"') {
            at += line.charAt(at) == '\\' && at + 1 < line.length() ? 1 : 0;
            text.append(line.charAt(at++));
        }
        if (at == line.length()) {
            at = open;
            return "";
        }
        at++;
        skipBlank();
        return text.toString();
    }

    private void skipBlank() {
        while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
    }
}
