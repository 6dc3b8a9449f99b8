package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;

/**
 * Paths that are exempt from a check, each with everything below it. Unlike {@link PathRules}, which cover a request in
 * doubt, a request is exempt only if every router reads its path in the same way.
 */
final class ExemptPaths {
    private final List<String> paths;

    private ExemptPaths(List<String> paths) {
        this.paths = paths;
    }

    /**
     * Creates rules for these paths.
     *
     * @param what the rules' name, for the message
     * @param paths each begins with a slash
     * @throws IllegalArgumentException if one is not a plain path
     */
    static ExemptPaths of(String what, List<String> paths) {
        PathRules.of(what, paths); // the same form
        return new ExemptPaths(paths.stream().map(ExemptPaths::withoutSlash).toList());
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Returns whether a request certainly goes to one of these paths, below the one at which the application is mounted. */
    boolean cover(Exchange exchange) {
        return !paths.isEmpty() && cover(exchange.path(), exchange.applicationPath());
    }

    /**
     * Returns whether a request certainly goes to one of these paths.
     *
     * @param application where the application is mounted
     */
    boolean cover(String path, String application) {
        String below = path.startsWith(application) ? path.substring(application.length()) : path;
        for (String each : paths) {
            if (isAtOrBelow(below, each) || isAtOrBelow(path, each)) {
                return isPlain(path);
            }
        }
        return false;
    }

    private static boolean isAtOrBelow(String path, String rule) {
        return path.startsWith(rule) && (path.length() == rule.length() || path.charAt(rule.length()) == '/');
    }

    /** Whether a path has no two dots and no parameters, however they are spelled, and no empty segments or dots. */
    private static boolean isPlain(String path) {
        NormalizedPath normalized = NormalizedPath.of(path);
        String spelling = normalized.toString();
        return !normalized.hasDoubt()
                && path.indexOf('\\') < 0
                && spelling.chars().filter(c -> c == '/').count()
                        == withoutSlash(path).chars().filter(c -> c == '/').count();
    }
}
