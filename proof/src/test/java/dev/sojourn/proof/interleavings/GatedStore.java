package dev.sojourn.proof.interleavings;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store whose calls wait for the scheduler if the calling thread is an actor. */
final class GatedStore implements SessionStore {
    private MemoryStore store = new MemoryStore();
    private final String name;
    private final GatedIndex index;
    private final List<StoreKey> created = new ArrayList<>();

    /** Creates a store whose name distinguishes its records from those of another store under the same keys. */
    GatedStore(String name) {
        this.name = name;
        this.index = new GatedIndex(name);
    }

    /** Empties the store. */
    void reset() {
        store = new MemoryStore();
        created.clear();
        index.reset();
    }

    GatedIndex index() {
        return index;
    }

    /** Returns a record without waiting for the scheduler. */
    @Nullable
    StoredSession peek(StoreKey key) {
        return store.load(key).orElse(null);
    }

    /** Returns the keys of all created records, in order. */
    List<StoreKey> createdKeys() {
        return List.copyOf(created);
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return call("load", key, () -> store.load(key));
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return call("create", key, () -> {
            created.add(key);
            return store.create(key, session);
        });
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return call("compareAndSet", key, () -> store.compareAndSet(key, expected, replacement));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return call("touch", key, () -> store.touch(key, expected, version, expiresAt));
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return call("delete", key, () -> store.delete(key, expected));
    }

    @Override
    public Optional<UserIndex> userIndex() {
        return Optional.of(index);
    }

    @Override
    public void close() {
        store.close();
    }

    private <T> T call(String call, StoreKey key, Supplier<T> work) {
        return Actor.call(new Call(call, StoreKey.of(name + key.text()), work), work);
    }

    /** A store call, as the scheduler sees it. */
    record Call(String name, StoreKey key, Supplier<?> work) {
        /** Runs the call and discards its result. */
        void perform() {
            Object result = work.get();
            if (result == null) {
                throw new IllegalStateException("a store call returned null");
            }
        }

        boolean reads() {
            return name.equals("load") || name.equals("find");
        }
    }
}
