package dev.sojourn.engine;

import dev.sojourn.SessionListener;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/**
 * The configuration of a revocation list, checked.
 *
 * @param delay the maximum age of the view
 * @param tolerance the maximum age of the view while the store is unavailable; zero for no more than the delay
 * @param clock the node's clock
 * @param listener receives failures of the store
 * @param random draws tags, versions and names
 */
public record RevocationSettings(
        Duration delay, Duration tolerance, Clock clock, SessionListener listener, SecureRandom random) {
    private static final Duration SHORTEST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
    private static final Duration LONGEST_TOLERANCE = Duration.ofHours(1);

    /** Checks the options. */
    public RevocationSettings {
        if (delay.compareTo(SHORTEST_DELAY) < 0 || delay.compareTo(LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException(
                    "the delay of revocations lies between 100 milliseconds and 1 minute, not " + delay);
        }
        boolean tolerates = !tolerance.isZero();
        if (tolerates && (tolerance.compareTo(delay) <= 0 || tolerance.compareTo(LONGEST_TOLERANCE) > 0)) {
            throw new IllegalArgumentException("acceptWhileUnavailable is longer than the delay of " + delay
                    + " and at most 1 hour, not " + tolerance
                    + ". Omit it to answer 503 while the store is unavailable");
        }
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(random, "random");
    }
}
