package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a browser forgets when a session is destroyed: the value of {@code Clear-Site-Data} (W3C Clear Site Data, section 3.1).
 *
 * @param header the header's value; null if browsers are not asked to forget anything
 */
record SiteData(@Nullable String header) {
    private static final String NAME = "Clear-Site-Data";
    private static final Set<String> TYPES = Set.of(
            "cache", "clientHints", "cookies", "executionContexts", "prefetchCache", "prerenderCache", "storage", "*");

    /**
     * Creates the header of these types.
     *
     * @throws IllegalArgumentException if one is unknown: browsers would ignore it without a word
     */
    static SiteData of(List<String> types) {
        for (String type : types) {
            if (!TYPES.contains(type)) {
                throw new IllegalArgumentException("clearSiteData(...) takes the types " + new TreeSet<>(TYPES)
                        + " (with Spring sojourn.clear-site-data), not '" + type + "'");
            }
        }
        return new SiteData(
                types.isEmpty()
                        ? null
                        : types.stream()
                                .distinct()
                                .map(type -> '"' + type + '"')
                                .collect(Collectors.joining(", ")));
    }

    /** Sets the header, unless the application has set one. */
    void clear(Exchange exchange) {
        if (header != null && exchange.responseHeaders(NAME).isEmpty()) {
            exchange.setResponseHeaders(NAME, List.of(header));
        }
    }
}
