package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.time.Duration;

/**
 * Which requests have their session to themselves, and for how long.
 *
 * @param paths the paths, with all below them; {@code /} for every request, none for no request that does not ask
 * @param lease how long a request may have a session to itself
 * @param waitTimeout how long another request waits
 * @param maxWaiting how many may wait for one session at the same time in this process
 */
record LeaseRules(PathRules paths, Duration lease, Duration waitTimeout, int maxWaiting) {
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(10);

    LeaseRules {
        if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("exclusiveLease lies between 1 second and 10 minutes, not " + lease);
        }
        if (waitTimeout.isNegative() || waitTimeout.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("exclusiveWait lies between zero and 10 minutes, not " + waitTimeout);
        }
        EngineSettings.checkWaiting("maxWaitingExclusive", maxWaiting);
    }

    boolean isOff() {
        return paths.isEmpty();
    }

    /** Whether a request goes to one of these paths, or below one. */
    boolean covers(Exchange exchange) {
        return paths.cover(exchange);
    }
}
