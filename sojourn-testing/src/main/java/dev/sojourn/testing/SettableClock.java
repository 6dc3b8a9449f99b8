package dev.sojourn.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that changes only when a test sets it, so that no test sleeps. Starts at the real time, because a store that
 * removes records by its own clock would remove a session from the past at once. Thread-safe.
 */
public final class SettableClock extends Clock {
    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    /** Creates a clock at the present time. */
    public SettableClock() {
        this(new AtomicReference<>(Instant.now()), ZoneOffset.UTC);
    }

    private SettableClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /**
     * Advances this clock.
     *
     * @param by the duration; a negative one moves the clock back
     */
    public void advance(Duration by) {
        now.updateAndGet(time -> time.plus(by));
    }

    /**
     * Sets this clock.
     *
     * @param time the new time
     */
    public void set(Instant time) {
        now.set(time);
    }

    @Override
    public Instant instant() {
        return Objects.requireNonNull(now.get());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** Returns a clock in another zone that always has the time of this one. */
    @Override
    public Clock withZone(ZoneId other) {
        return new SettableClock(now, other);
    }

    @Override
    public String toString() {
        return "SettableClock[" + now.get() + "]";
    }
}
