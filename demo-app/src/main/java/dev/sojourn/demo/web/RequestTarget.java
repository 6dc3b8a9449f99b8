package dev.sojourn.demo.web;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A request's target.
 *
 * @param path the path, decoded; empty if the target is not valid
 * @param query the query, undecoded, or null
 */
record RequestTarget(String path, @Nullable String query) {
    /**
     * Parses a request's target. Servers differ in what they accept; an invalid target gets an empty path, which leads
     * to 404.
     */
    static RequestTarget of(RawRequest request) {
        try {
            URI uri = new URI(request.target());
            return new RequestTarget(uri.getPath() == null ? "" : uri.getPath(), uri.getRawQuery());
        } catch (URISyntaxException e) {
            return new RequestTarget("", null);
        }
    }
}
