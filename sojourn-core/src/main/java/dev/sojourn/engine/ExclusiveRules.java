package dev.sojourn.engine;

import java.time.Duration;
import java.util.List;

/**
 * Which requests have their session to themselves, and for how long.
 *
 * @param paths the paths, with all below them; {@code /} for every request, none for no request that does not ask
 * @param lease how long a request may have a session to itself
 * @param patience how long another one waits
 */
record ExclusiveRules(List<String> paths, Duration lease, Duration patience) {
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(10);

    ExclusiveRules {
        paths = List.copyOf(paths);
        for (String path : paths) {
            if (!path.startsWith("/") || path.contains("?") || path.contains("*")) {
                throw new IllegalArgumentException(
                        "an exclusive path begins with '/' and holds for everything below it;" + " '" + path
                                + "' is no such path");
            }
        }
        if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("exclusiveLease lies between 1 second and 10 minutes, not " + lease);
        }
        if (patience.isNegative() || patience.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("exclusiveWait lies between zero and 10 minutes, not " + patience);
        }
    }

    boolean isOff() {
        return paths.isEmpty();
    }

    /** Whether a request's path is one of these or lies below one. */
    boolean covers(String path) {
        for (String each : paths) {
            boolean below = path.startsWith(each)
                    && (path.length() == each.length() || each.endsWith("/") || path.charAt(each.length()) == '/');
            if (below) {
                return true;
            }
        }
        return false;
    }
}
