package dev.sojourn.engine;

import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets the requests of one session in this process pass one at a time, in the order in which they came. A semaphore, no
 * lock: a request may end on another thread than the one it began on.
 */
final class Turnstile {
    private final ConcurrentHashMap<StoreKey, Gate> gates = new ConcurrentHashMap<>();

    private static final class Gate {
        final Semaphore pass = new Semaphore(1, true);
        /** How many wait or are through; changed only within the map's own lock. */
        int users;
    }

    /** Waits for its turn; false if it did not come in time or the thread was interrupted. */
    boolean enter(StoreKey key, Duration patience) {
        Gate gate = gates.compute(key, (any, present) -> {
            Gate used = present == null ? new Gate() : present;
            used.users++;
            return used;
        });
        boolean entered = false;
        try {
            entered = gate.pass.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!entered) {
                forget(key);
            }
        }
        return entered;
    }

    /** Lets the next one pass. Called once for each {@link #enter} that said yes. */
    void leave(StoreKey key) {
        Gate gate = gates.get(key);
        if (gate == null) {
            throw new IllegalStateException("nobody had entered; this is a bug in Sojourn");
        }
        gate.pass.release();
        forget(key);
    }

    private void forget(StoreKey key) {
        gates.computeIfPresent(key, (any, gate) -> {
            gate.users--;
            return gate.users == 0 ? null : gate;
        });
    }
}
