package dev.sojourn.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only where a test says so; no pause takes any. */
final class StandingPacer implements RetryPacer {
    private final AtomicLong nanos;

    StandingPacer(AtomicLong nanos) {
        this.nanos = nanos;
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public void pause(int conflicts) {}

    @Override
    public void pause(int tries, Duration shortest, Duration longest) {}
}
