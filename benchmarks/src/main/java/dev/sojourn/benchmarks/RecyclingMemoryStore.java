package dev.sojourn.benchmarks;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.util.Optional;

/**
 * A memory store that is replaced by an empty one after every 10,000 sessions. A benchmark creates millions of
 * sessions, and must not measure a full heap. Not thread-safe.
 */
final class RecyclingMemoryStore extends ForwardingStore {
    private static final int MAX_SESSIONS = 10_000;

    private MemoryStore current = new MemoryStore();
    private int created;

    @Override
    protected SessionStore store() {
        return current;
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        if (++created == MAX_SESSIONS) {
            created = 0;
            current = new MemoryStore();
        }
        return super.create(key, session);
    }

    /** Sweeps as the memory store does, so that a new session has the same cost. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        return Optional.of((expiredBefore, limit, deliver) ->
                current.expirySweep().orElseThrow().sweep(expiredBefore, limit, deliver));
    }
}
