package dev.sojourn.benchmarks;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.util.Optional;

/**
 * A memory store that begins anew after every 10,000 sessions: a benchmark creates millions, and is not to measure a full
 * heap. For one thread.
 */
final class RenewedStore extends ForwardingStore {
    private static final int MOST = 10_000;

    private MemoryStore current = new MemoryStore();
    private int created;

    @Override
    protected SessionStore store() {
        return current;
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        if (++created == MOST) {
            created = 0;
            current = new MemoryStore();
        }
        return super.create(key, session);
    }

    /** Sweeps as the memory store does, so that a new session costs what it costs there. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        return Optional.of((expiredBefore, limit, deliver) ->
                current.expirySweep().orElseThrow().sweep(expiredBefore, limit, deliver));
    }
}
