package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;

/**
 * A set of paths, each including everything below it, matched regardless of a request's spelling: see {@link
 * NormalizedPath}.
 */
final class PathRules {
    private final List<NormalizedPath> paths;
    private final boolean everywhere;

    private PathRules(List<NormalizedPath> paths) {
        this.paths = paths;
        this.everywhere = paths.stream().anyMatch(NormalizedPath::isRoot);
    }

    /**
     * Creates rules for these paths.
     *
     * @param what the rules' name, for the message
     * @param paths each begins with a slash; empty for no request
     * @return the rules
     * @throws IllegalArgumentException if one is not a plain path
     */
    public static PathRules of(String what, List<String> paths) {
        return new PathRules(paths.stream().map(path -> plain(what, path)).toList());
    }

    private static NormalizedPath plain(String what, String path) {
        NormalizedPath plain = NormalizedPath.of(path);
        if (!path.startsWith("/") || path.contains("*") || plain.hasDoubt()) {
            throw new IllegalArgumentException(
                    what + " path must begin with '/', covers everything below it, and must not contain '*', '?',"
                            + " ';' or '..', but was '" + path + "'");
        }
        return plain;
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    /**
     * Returns whether a request goes to one of these paths, or below one. In doubt it does.
     *
     * @param exchange the request
     * @return true if a router may send it there
     */
    public boolean cover(Exchange exchange) {
        if (paths.isEmpty() || everywhere) {
            return everywhere;
        }
        return covers(exchange.path()) || covers(exchange.routePath());
    }

    private boolean covers(String path) {
        NormalizedPath plain = NormalizedPath.of(path);
        return paths.stream().anyMatch(plain::isBelow);
    }
}
