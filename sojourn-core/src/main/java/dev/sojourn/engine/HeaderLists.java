package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.ArrayList;
import java.util.List;

/** Updates response headers that are lists of names. */
final class HeaderLists {
    private HeaderLists() {}

    /** Adds a name to a list header unless the name or {@code *} is present. */
    static void add(Exchange exchange, String header, String name) {
        List<String> lines = exchange.responseHeaders(header);
        if (lines.isEmpty()) {
            exchange.setResponseHeaders(header, List.of(name));
            return;
        }
        for (String line : lines) {
            for (String present : line.split(",", -1)) {
                if (present.trim().equalsIgnoreCase(name) || present.trim().equals("*")) {
                    return;
                }
            }
        }
        List<String> longer = new ArrayList<>(lines);
        longer.add(name);
        exchange.setResponseHeaders(header, List.of(String.join(", ", longer)));
    }
}
