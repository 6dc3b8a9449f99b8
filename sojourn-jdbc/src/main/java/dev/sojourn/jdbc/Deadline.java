package dev.sojourn.jdbc;

import java.time.Duration;

/** When a call has to have come to its end, by the JVM's own clock. */
final class Deadline {
    private final Duration whole;
    private final long end;

    private Deadline(Duration whole) {
        this.whole = whole;
        this.end = System.nanoTime() + whole.toNanos();
    }

    static Deadline in(Duration time) {
        return new Deadline(time);
    }

    /** How long a call may take altogether. */
    Duration whole() {
        return whole;
    }

    long nanosLeft() {
        return end - System.nanoTime();
    }

    boolean isOver() {
        return nanosLeft() <= 0;
    }
}
