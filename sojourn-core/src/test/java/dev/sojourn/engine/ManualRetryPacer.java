package dev.sojourn.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A pacer whose time is set by the test. Its pauses take no time. */
final class ManualRetryPacer implements RetryPacer {
    private final AtomicLong nanos;

    ManualRetryPacer(AtomicLong nanos) {
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
