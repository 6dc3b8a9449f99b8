package dev.sojourn.proof.interleavings;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** A clock that advances while actors run: what an actor reads from it belongs to what the actor knows. */
final class ObservedClock extends Clock {
    private final Clock clock;

    ObservedClock(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Instant instant() {
        Instant now = clock.instant();
        Actor.observe(now);
        return now;
    }

    @Override
    public ZoneId getZone() {
        return clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new ObservedClock(clock.withZone(zone));
    }
}
