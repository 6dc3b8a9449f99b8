package dev.sojourn.benchmarks;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A store that counts calls and can delay each one like a network: one half of the delay before the call, the other
 * half after it.
 */
final class CountingStore implements SessionStore {
    private final SessionStore store;
    private final long halfTripNanos;
    private final LongAdder calls = new LongAdder();
    private final LongAdder conflicts = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    CountingStore(SessionStore store, Duration trip) {
        this.store = store;
        this.halfTripNanos = trip.toNanos() / 2;
    }

    private <T> T call(Supplier<T> work) {
        calls.increment();
        if (halfTripNanos == 0) {
            return work.get();
        }
        long start = System.nanoTime();
        LockSupport.parkNanos(halfTripNanos);
        T result = work.get();
        LockSupport.parkNanos(halfTripNanos);
        nanos.add(System.nanoTime() - start);
        return result;
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return call(() -> store.load(key));
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return call(() -> store.create(key, session));
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        Outcome outcome = call(() -> store.compareAndSet(key, expected, replacement));
        if (outcome instanceof Outcome.Lost) {
            conflicts.increment();
        }
        return outcome;
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return call(() -> store.touch(key, expected, version, expiresAt));
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return call(() -> store.delete(key, expected));
    }

    @Override
    public void close() {
        store.close();
    }

    /** Returns the number of calls. */
    long calls() {
        return calls.sum();
    }

    /** Returns the number of lost compare-and-sets. */
    long conflicts() {
        return conflicts.sum();
    }

    /** Returns the mean duration of a delayed call, which includes the inaccuracy of this machine's timers. */
    Duration meanCallTime() {
        return Duration.ofNanos(calls.sum() == 0 ? 0 : nanos.sum() / calls.sum());
    }
}
