package dev.sojourn;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A time that nothing sets: the system's clock is read once, and the JVM measures what has passed since. It may lag behind
 * where the machine stood still.
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
