package dev.sojourn.vertx;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.SubjectIndex;
import io.vertx.core.Context;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A store that writes down on which threads it was called, and tells when one of them was an event loop. */
final class OffLoopStore implements SessionStore {
    private final SessionStore store = new MemoryStore();
    private final Queue<String> threads = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> onEventLoops;

    OffLoopStore(Queue<Throwable> onEventLoops) {
        this.onEventLoops = onEventLoops;
    }

    Queue<String> threads() {
        return threads;
    }

    private SessionStore here() {
        threads.add(Thread.currentThread().getName());
        if (Context.isOnEventLoopThread()) {
            onEventLoops.add(new AssertionError("the store was called on an event loop"));
        }
        return store;
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return here().load(key);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return here().create(key, session);
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return here().compareAndSet(key, expected, replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return here().touch(key, expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return here().delete(key, expected);
    }

    @Override
    public Optional<SubjectIndex> subjectIndex() {
        return store.subjectIndex();
    }

    @Override
    public Optional<ExpirySweep> expirySweep() {
        return store.expirySweep();
    }

    @Override
    public void close() {
        store.close();
    }
}
