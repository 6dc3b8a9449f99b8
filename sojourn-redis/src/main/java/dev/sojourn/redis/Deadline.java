package dev.sojourn.redis;

import java.time.Duration;

/** Until when a call may take. */
final class Deadline {
    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    static Deadline in(Duration span) {
        return new Deadline(System.nanoTime() + span.toNanos());
    }

    /** What is left; 0 if nothing is. */
    long nanosLeft() {
        return Math.max(0, end - System.nanoTime());
    }

    /** What is left in whole milliseconds, at least 1: Redis takes 0 for "without end". */
    long millisLeft() {
        return Math.max(1, nanosLeft() / 1_000_000);
    }
}
