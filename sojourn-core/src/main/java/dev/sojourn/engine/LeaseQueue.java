package dev.sojourn.engine;

import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets the requests of one session in this process pass one at a time, in the order in which they came, and turns away
 * those for whom there is no room to wait. A semaphore, no lock: a request may end on another thread than the one it
 * began on.
 */
final class LeaseQueue {
    private final PerSession<Gate> gates = new PerSession<>(Gate::new);
    private final int maxWaiting;

    LeaseQueue(int maxWaiting) {
        this.maxWaiting = maxWaiting;
    }

    private static final class Gate extends PerSession.Shared {
        final Semaphore pass = new Semaphore(1, true);
    }

    /** What became of a request that wanted to pass. */
    enum Entry {
        /** It is through, and has to leave. */
        PASSED,
        /** Its turn did not come in time, or its thread was interrupted. */
        TOO_LATE,
        /** As many as may wait do so already. */
        CROWDED
    }

    /** Waits for its turn. */
    Entry enter(StoreKey key, Duration patience) {
        Gate gate = gates.enter(key, 1 + maxWaiting);
        if (gate == null) {
            return Entry.CROWDED;
        }
        boolean passed = false;
        try {
            passed = gate.pass.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!passed) {
                gates.leave(key, gate);
            }
        }
        return passed ? Entry.PASSED : Entry.TOO_LATE;
    }

    /** Lets the next one pass. Called once for each {@link #enter} that let a request pass. */
    void leave(StoreKey key) {
        Gate gate = gates.entered(key);
        gate.pass.release();
        gates.leave(key, gate);
    }

    /** Whether no request is through or waits. */
    boolean isEmpty() {
        return gates.isEmpty();
    }
}
