package dev.sojourn;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that clock adjustments do not affect. It reads the system's clock once and adds the elapsed time that the JVM
 * measures. It may lag if the machine was suspended.
 */
final class MonotonicTime implements InstantSource {
    private final Instant start;
    private final long since;

    private MonotonicTime(Instant start, long since) {
        this.start = start;
        this.since = since;
    }

    static MonotonicTime fromNow() {
        return new MonotonicTime(InstantSource.system().instant(), System.nanoTime());
    }

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - since);
    }
}
