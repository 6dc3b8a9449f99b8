package dev.sojourn.demo.web;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for.
 *
 * @param path the path, decoded; empty where there can be none
 * @param query what stands behind the question mark, undecoded, or null
 */
record Target(String path, @Nullable String query) {
    /** Servers differ in what they let pass as an address. What is none is answered like one where nothing is. */
    static Target of(Incoming request) {
        try {
            URI uri = new URI(request.target());
            return new Target(uri.getPath() == null ? "" : uri.getPath(), uri.getRawQuery());
        } catch (URISyntaxException e) {
            return new Target("", null);
        }
    }
}
