package dev.sojourn.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lets one event of each kind through in a minute, and counts the rest, so that a flood of requests is no flood of log lines.
 * Thread-safe.
 */
final class Throttle {
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Clock clock;
    /** From each kind, of which there are few. */
    private final Map<String, Window> windows = new HashMap<>();

    private static final class Window {
        private Instant begin;
        private long leftOut;

        private Window(Instant begin) {
            this.begin = begin;
        }
    }

    Throttle(Clock clock) {
        this.clock = clock;
    }

    /** Returns how many events of this kind were left out since the last one; empty if this one is left out. */
    synchronized Optional<Long> admit(String kind) {
        Instant now = clock.instant();
        Window window = windows.get(kind);
        if (window == null) {
            windows.put(kind, new Window(now));
            return Optional.of(0L);
        }
        Duration since = Duration.between(window.begin, now);
        // A clock that was set back does not silence the log.
        if (!since.isNegative() && since.compareTo(INTERVAL) < 0) {
            window.leftOut++;
            return Optional.empty();
        }
        long leftOut = window.leftOut;
        window.begin = now;
        window.leftOut = 0;
        return Optional.of(leftOut);
    }
}
