package dev.sojourn.benchmarks;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import java.util.Optional;

/**
 * A memory store that begins anew after every 10,000 sessions: a benchmark creates millions, and is not to measure a full
 * heap. For one thread.
 */
final class RenewedStore implements SessionStore {
    private static final int MOST = 10_000;

    private MemoryStore current = new MemoryStore();
    private int created;

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return current.load(key);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        if (++created == MOST) {
            created = 0;
            current = new MemoryStore();
        }
        return current.create(key, session);
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return current.compareAndSet(key, expected, replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return current.touch(key, expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return current.delete(key, expected);
    }

    /** Sweeps as the memory store does, so that a new session costs what it costs there. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        return Optional.of((expiredBefore, limit, deliver) ->
                current.expirySweep().orElseThrow().sweep(expiredBefore, limit, deliver));
    }

    @Override
    public void close() {
        current.close();
    }
}
