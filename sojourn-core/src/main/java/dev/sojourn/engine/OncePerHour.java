package dev.sojourn.engine;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets a message through at most once an hour. Thread-safe. */
final class OncePerHour {
    private static final long PAUSE = Duration.ofHours(1).toMillis();

    private final Clock clock;
    private final AtomicLong quietUntil = new AtomicLong(Long.MIN_VALUE);

    OncePerHour(Clock clock) {
        this.clock = clock;
    }

    /** Whether a message was let through less than an hour ago. */
    boolean isQuiet() {
        return clock.millis() < quietUntil.get();
    }

    /** Returns true for one caller, and then for none for an hour. */
    boolean claim() {
        long now = clock.millis();
        long until = quietUntil.get();
        return now >= until && quietUntil.compareAndSet(until, now + PAUSE);
    }
}
