package dev.sojourn.testing;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** A store as a node sees it that stops for good at one of its calls, before the call or after it. */
final class StoppingStore implements SessionStore {
    private final SessionStore store;
    private final Node node;

    StoppingStore(SessionStore store, Node node) {
        this.store = store;
        this.node = node;
    }

    /** What the stores of one node have in common. */
    static final class Node {
        private final int last;
        private final boolean lastIsDone;
        private int calls;

        /** Stops at this call, counted from 1. */
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
                T unheard = work.get();
                Objects.requireNonNull(unheard, "a store's answer");
            }
            throw new Stopped();
        }
    }

    /** The node is no more. */
    static final class Stopped extends Error {
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
