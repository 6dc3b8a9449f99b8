package dev.sojourn.spi;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The point in time after which a call gives up, on a clock that only moves forward. One deadline covers all steps and
 * retries of a call. Immutable and thread-safe.
 */
public final class Deadline {
    private final LongSupplier nanoTime;
    private final long end;

    private Deadline(LongSupplier nanoTime, long end) {
        this.nanoTime = nanoTime;
        this.end = end;
    }

    /**
     * Returns the deadline of a call that begins now, by the JVM's clock.
     *
     * @param timeout how long the call may take
     * @return the deadline
     */
    public static Deadline after(Duration timeout) {
        return after(timeout, System::nanoTime);
    }

    /**
     * Returns the deadline of a call that begins now, by another clock.
     *
     * @param timeout how long the call may take
     * @param nanoTime a clock that only moves forward: nanoseconds since an arbitrary moment, as from
     *     {@link System#nanoTime}
     * @return the deadline
     */
    public static Deadline after(Duration timeout, LongSupplier nanoTime) {
        return new Deadline(nanoTime, nanoTime.getAsLong() + timeout.toNanos());
    }

    /**
     * Returns the time that is left.
     *
     * @return nanoseconds; zero or less if the deadline has passed
     */
    public long nanosLeft() {
        return end - nanoTime.getAsLong();
    }

    /**
     * Returns whether the deadline has passed.
     *
     * @return true if no time is left
     */
    public boolean hasPassed() {
        return nanosLeft() <= 0;
    }

    /** Returns the time that is left. */
    @Override
    public String toString() {
        return "Deadline[" + Duration.ofNanos(nanosLeft()) + " left]";
    }
}
