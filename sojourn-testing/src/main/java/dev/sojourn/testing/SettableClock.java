package dev.sojourn.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that stands still until a test moves it, so that no test sleeps to see time pass. Starts at the real time: a
 * store that forgets by its own clock would forget a session of the past at once. Thread-safe.
 */
public final class SettableClock extends Clock {
    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    /** A clock at the present time. */
    public SettableClock() {
        this(new AtomicReference<>(Instant.now()), ZoneOffset.UTC);
    }

    private SettableClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /**
     * Moves this clock.
     *
     * @param by how far; negative moves it back
     */
    public void advance(Duration by) {
        now.updateAndGet(time -> time.plus(by));
    }

    /**
     * Sets this clock.
     *
     * @param time the time it shows from now on
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

    /** A clock of another zone that is moved together with this one. */
    @Override
    public Clock withZone(ZoneId other) {
        return new SettableClock(now, other);
    }

    @Override
    public String toString() {
        return "SettableClock[" + now.get() + "]";
    }
}
