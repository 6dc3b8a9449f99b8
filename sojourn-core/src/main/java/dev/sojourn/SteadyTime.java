package dev.sojourn;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A time that nothing sets: the system's clock is read once, and the JVM measures what has passed since. It may lag behind
 * where the machine stood still.
 */
final class SteadyTime implements InstantSource {
    private final Instant start;
    private final long since;

    private SteadyTime(Instant start, long since) {
        this.start = start;
        this.since = since;
    }

    static SteadyTime fromNow() {
        return new SteadyTime(InstantSource.system().instant(), System.nanoTime());
    }

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - since);
    }
}
