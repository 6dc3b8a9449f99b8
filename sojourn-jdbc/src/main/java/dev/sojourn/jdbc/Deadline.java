package dev.sojourn.jdbc;

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

    /** Returns the time left; negative if the deadline has passed. */
    long nanosLeft() {
        return end - System.nanoTime();
    }

    boolean isOver() {
        return nanosLeft() <= 0;
    }
}
