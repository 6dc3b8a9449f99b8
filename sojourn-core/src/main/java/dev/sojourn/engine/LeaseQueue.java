package dev.sojourn.engine;

import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Admits the requests of one session in this process one at a time, in the order in which they came, and refuses those for
 * which there is no room to wait. A semaphore, no lock: a request may end on another thread than the one it began on.
 */
final class LeaseQueue {
    private final PerSession<Gate> gates = new PerSession<>(Gate::new);
    private final int maxWaiting;

    LeaseQueue(int maxWaiting) {
        this.maxWaiting = maxWaiting;
    }

    private static final class Gate extends PerSession.Shared {
        final Semaphore permit = new Semaphore(1, true);
    }

    /** The result of trying to enter. */
    enum Entry {
        /** The request was admitted, and has to leave. */
        ENTERED,
        /** The request was not admitted in time, or its thread was interrupted. */
        TOO_LATE,
        /** As many requests as may wait do so already. */
        CROWDED
    }

    /** Waits until the request is admitted. */
    Entry enter(StoreKey key, Duration timeout) {
        Gate gate = gates.enter(key, 1 + maxWaiting);
        if (gate == null) {
            return Entry.CROWDED;
        }
        boolean entered = false;
        try {
            entered = gate.permit.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!entered) {
                gates.leave(key, gate);
            }
        }
        return entered ? Entry.ENTERED : Entry.TOO_LATE;
    }

    /** Admits the next request. Called once for each {@link #enter} that admitted one. */
    void leave(StoreKey key) {
        Gate gate = gates.current(key);
        gate.permit.release();
        gates.leave(key, gate);
    }

    /** Whether no request is admitted or waits. */
    boolean isEmpty() {
        return gates.isEmpty();
    }
}
