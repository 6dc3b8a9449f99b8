package dev.sojourn.engine;

import dev.sojourn.SessionListener;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Calls the store of the revocation list, notes when it responded last, and notifies the listener of failures. Uses no more
 * of the store than load, create, compareAndSet, delete and its clock. All methods throw {@link StoreException}.
 */
final class RevocationStore {
    private static final long QUICK_NANOS = Duration.ofSeconds(1).toNanos();

    private final SessionStore store;
    private final Optional<InstantSource> storeClock;
    private final SessionListener listener;
    private final RetryPacer pacer;
    private volatile long lastResponse;

    RevocationStore(SessionStore store, SessionListener listener, RetryPacer pacer) {
        this.store = store;
        this.storeClock = store.storeClock();
        this.listener = listener;
        this.pacer = pacer;
        this.lastResponse = pacer.nanoTime();
    }

    boolean isOver(SessionStore other) {
        return !Collections.disjoint(storesOf(store), storesOf(other));
    }

    /** Returns the stores that do the work, compared by identity. */
    private static Set<SessionStore> storesOf(SessionStore store) {
        Set<SessionStore> found = Collections.newSetFromMap(new IdentityHashMap<>());
        found.addAll(store.innermostStores());
        return found;
    }

    /** Returns when the store responded last, by the pacer's clock. */
    long lastResponse() {
        return lastResponse;
    }

    Optional<StoredSession> load(StoreKey key) {
        return call(() -> store.load(key));
    }

    boolean create(StoreKey key, StoredSession record) {
        return call(() -> store.create(key, record));
    }

    Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return call(() -> store.compareAndSet(key, expected, replacement));
    }

    /** Removes a record that no longer matters; if that fails, it expires instead. */
    void remove(StoreKey key) {
        try {
            call(() -> {
                Optional<StoredSession> present = store.load(key);
                return present.isEmpty() || store.delete(key, present.get().version()) instanceof Outcome.Done;
            });
        } catch (StoreException e) {
            // Reported to the listener; the record expires.
        }
    }

    /** Returns the later one of a time and the store's time; the given time if the store has no clock. */
    Instant laterOf(Instant now) {
        Instant its = storeTime(now);
        return its.isAfter(now) ? its : now;
    }

    /** Returns the earlier one of a time and the store's time; the given time if the store has no clock. */
    Instant earlierOf(Instant now) {
        Instant its = storeTime(now);
        return its.isBefore(now) ? its : now;
    }

    private Instant storeTime(Instant now) {
        return storeClock.isEmpty() ? now : call(storeClock.get()::instant);
    }

    /** A call that fails quickly counts as a response, as one that succeeds does. */
    private <T> T call(Supplier<T> call) {
        long began = pacer.nanoTime();
        try {
            T response = call.get();
            lastResponse = pacer.nanoTime();
            return response;
        } catch (StoreException e) {
            long now = pacer.nanoTime();
            lastResponse = now - began < QUICK_NANOS ? now : lastResponse;
            EventBuffer.notify(listener, each -> each.onStoreUnavailable(e));
            throw e;
        } catch (RuntimeException e) {
            StoreException broken = StoreException.unknown(
                    "the store broke its contract: " + e.getClass().getName(), e);
            EventBuffer.notify(listener, each -> each.onStoreUnavailable(broken));
            throw broken;
        }
    }
}
