package dev.sojourn.histories;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * A clock that runs faster than the machine's monotonic clock, so that the grace period of refresh tokens passes within a
 * short history. The clocks of all processes on the machine show the same time. Immutable.
 */
final class NodeClock extends Clock {
    /** How many seconds pass on this clock in one second. */
    static final int SPEED = 6;

    private final Instant beginning;
    private final long beginningNanos;
    private final ZoneId zone;

    private NodeClock(Instant beginning, long beginningNanos, ZoneId zone) {
        this.beginning = beginning;
        this.beginningNanos = beginningNanos;
        this.zone = zone;
    }

    /** Creates a clock that shows the time of another process's clock, from its text. */
    static NodeClock parse(String text) {
        String[] parts = text.split(":", -1);
        return new NodeClock(
                Instant.ofEpochMilli(Long.parseLong(parts[0])), Long.parseLong(parts[1]), ZoneId.of("UTC"));
    }

    /** Returns the text of a clock that shows the real time at this moment. */
    static String startNow() {
        return System.currentTimeMillis() + ":" + System.nanoTime();
    }

    /** Returns the text of a clock that is ahead of another one. */
    static String ahead(String clock, Duration by) {
        String[] parts = clock.split(":", -1);
        return (Long.parseLong(parts[0]) + by.toMillis()) + ":" + parts[1];
    }

    /** Returns how much real time passes during a time on this clock, in nanoseconds. */
    static long realNanos(Duration time) {
        return time.toNanos() / SPEED;
    }

    @Override
    public Instant instant() {
        return beginning.plusNanos((System.nanoTime() - beginningNanos) * SPEED);
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new NodeClock(beginning, beginningNanos, other);
    }
}
