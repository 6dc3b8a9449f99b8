package dev.sojourn.testing;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** A store as one node uses it. The node crashes at one of its calls, before or after the call takes effect. */
final class CrashingStore implements SessionStore {
    private final SessionStore store;
    private final Node node;

    CrashingStore(SessionStore store, Node node) {
        this.store = store;
        this.node = node;
    }

    /** The node: it counts the calls to all of its stores. */
    static final class Node {
        private final int last;
        private final boolean lastIsDone;
        private int calls;

        /** Creates a node that crashes at this call, counted from 1. */
        Node(int last, boolean lastIsDone) {
            this.last = last;
            this.lastIsDone = lastIsDone;
        }

        <T> T call(Supplier<T> work) {
            calls++;
            if (calls < last) {
                return work.get();
            }
            if (calls == last && lastIsDone) {
                T unused = work.get();
                Objects.requireNonNull(unused, "result of a store call");
            }
            throw new Crashed();
        }
    }

    /** The node has crashed. */
    static final class Crashed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return node.call(() -> store.load(key));
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return node.call(() -> store.create(key, session));
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return node.call(() -> store.compareAndSet(key, expected, replacement));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return node.call(() -> store.touch(key, expected, version, expiresAt));
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return node.call(() -> store.delete(key, expected));
    }

    @Override
    public void close() {
        store.close();
    }
}
