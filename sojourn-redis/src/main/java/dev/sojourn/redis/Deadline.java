package dev.sojourn.redis;

import java.time.Duration;

/** The time at which a call gives up, on the JVM's monotonic clock. */
final class Deadline {
    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    static Deadline in(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos());
    }

    /** Returns the time left; 0 if there is none. */
    long nanosLeft() {
        return Math.max(0, end - System.nanoTime());
    }

    /** Returns the time left in whole milliseconds, at least 1: to Redis 0 means no limit. */
    long millisLeft() {
        return Math.max(1, nanosLeft() / 1_000_000);
    }
}
