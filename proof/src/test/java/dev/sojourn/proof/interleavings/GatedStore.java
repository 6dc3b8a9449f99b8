package dev.sojourn.proof.interleavings;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store whose calls wait for the scheduler if the calling thread is an actor. */
final class GatedStore implements SessionStore {
    private MemoryStore store = new MemoryStore();
    private final String name;
    private final Versions versions;
    private final GatedIndex index;
    private final Coupling coupling;
    private final List<StoreKey> created = new ArrayList<>();

    /** How the calls of a store are steps of a schedule. */
    enum Coupling {
        /** Each call is a step. */
        STEPS,
        /** Each call is a step, and conflicts with all others on its record: calls of another store may belong to it. */
        ORDERED_STEPS,
        /** Each call belongs to the step before it. */
        WITHIN_STEPS
    }

    /**
     * Creates a store.
     *
     * @param name distinguishes its records from those of another store under the same keys
     * @param versions names the versions of this store and of all others with which it exchanges records
     */
    GatedStore(String name, Versions versions) {
        this(name, versions, Coupling.STEPS);
    }

    GatedStore(String name, Versions versions, Coupling coupling) {
        this.name = name;
        this.versions = versions;
        this.coupling = coupling;
        this.index = new GatedIndex(name, versions);
    }

    /** Empties the store. */
    void reset() {
        store = new MemoryStore();
        created.clear();
        index.reset();
        versions.reset();
    }

    /** Describes everything stored. */
    String state() {
        StringBuilder text = new StringBuilder(index.state());
        created.stream()
                .distinct()
                .sorted(Comparator.comparing(StoreKey::text))
                .forEach(key -> text.append(name).append(versions.describe(key, peek(key))));
        return text.toString();
    }

    GatedIndex index() {
        return index;
    }

    /** Returns whether a call is one of this store, which has a name. */
    boolean isOf(Call call) {
        return call.key().text().startsWith(name);
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
        Kind kind = coupling == Coupling.ORDERED_STEPS ? Kind.ORDERED_READ : Kind.READ;
        return call("load", key, kind, () -> store.load(key));
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        versions.note(session.version());
        return call("create", key, write(), () -> {
            created.add(key);
            return store.create(key, session);
        });
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        versions.note(replacement.version());
        return call("compareAndSet", key, write(), () -> store.compareAndSet(key, expected, replacement));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        versions.note(version);
        return call("touch", key, write(), () -> store.touch(key, expected, version, expiresAt));
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return call("delete", key, write(), () -> store.delete(key, expected));
    }

    @Override
    public Optional<UserIndex> userIndex() {
        return Optional.of(index);
    }

    @Override
    public void close() {
        store.close();
    }

    private Kind write() {
        return coupling == Coupling.ORDERED_STEPS ? Kind.ORDERED_WRITE : Kind.WRITE;
    }

    private <T> T call(String call, StoreKey key, Kind kind, Supplier<T> work) {
        Call each = new Call(call, StoreKey.of(name + key.text()), kind, versions, work);
        return coupling == Coupling.WITHIN_STEPS ? Actor.callWithinStep(each, work) : Actor.call(each, work);
    }

    /** What a call does. */
    enum Kind {
        /** It reads one record. */
        READ,
        /** It changes one record. */
        WRITE,
        /** It reads one record, and its order with every other call on it makes a difference. */
        ORDERED_READ,
        /** It changes one record, and its order with every other call on it makes a difference, even if it is not done. */
        ORDERED_WRITE,
        /** It is no store call, and its order with the calls of all actors makes a difference. */
        EVENT;

        boolean isOrdered() {
            return this == ORDERED_READ || this == ORDERED_WRITE;
        }
    }

    /** A store call, as the scheduler sees it. */
    record Call(String name, StoreKey key, Kind kind, Versions versions, Supplier<?> work) {
        /** Creates something other than a store call that happens between the calls of other actors. */
        static Call event(String name, Supplier<?> work) {
            return new Call(name, StoreKey.of(name), Kind.EVENT, new Versions(), work);
        }

        /** Runs the call and discards its result. */
        void perform() {
            Object result = work.get();
            if (result == null) {
                throw new IllegalStateException("a store call returned null");
            }
        }

        /** Describes the call and its result, or its failure. */
        String describe(Object result) {
            return name + " " + key.text() + " " + versions.describe(result);
        }
    }
}
