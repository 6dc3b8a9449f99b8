package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;

/** Paths that something holds for, each with everything below it, however a request spells them: see {@link NormalizedPath}. */
public final class PathRules {
    private final List<NormalizedPath> paths;
    private final boolean everywhere;

    private PathRules(List<NormalizedPath> paths) {
        this.paths = paths;
        this.everywhere = paths.stream().anyMatch(NormalizedPath::isRoot);
    }

    /**
     * Returns the rules for these paths.
     *
     * @param what what they hold for, for the message
     * @param paths each begins with a slash; none for no request
     * @return the rules
     * @throws IllegalArgumentException if one is no plain path
     */
    public static PathRules of(String what, List<String> paths) {
        return new PathRules(paths.stream().map(path -> plain(what, path)).toList());
    }

    private static NormalizedPath plain(String what, String path) {
        NormalizedPath plain = NormalizedPath.of(path);
        if (!path.startsWith("/") || path.contains("*") || plain.hasDoubt()) {
            throw new IllegalArgumentException(
                    what + " path begins with '/', holds for everything below it, and has no '*', no '?',"
                            + " no ';' and no '..'; '" + path + "' is no such path");
        }
        return plain;
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    /**
     * Whether a request goes to one of these paths, or below one. In doubt it does.
     *
     * @param exchange the request
     * @return true if a router may take it there
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
