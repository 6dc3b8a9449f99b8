package dev.sojourn.proof.site;

import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that delegates to another one, records the calls, and fails selected calls. */
public final class SpyStore extends ForwardingStore {
    private final SessionStore store;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<StoreKey> keys = new CopyOnWriteArrayList<>();
    private final List<StoredSession> written = new CopyOnWriteArrayList<>();
    private final Map<String, Supplier<? extends @Nullable RuntimeException>> failuresBefore =
            new ConcurrentHashMap<>();
    private final Map<String, Supplier<? extends RuntimeException>> failuresAfter = new ConcurrentHashMap<>();

    /** Creates a store around this one. */
    public SpyStore(SessionStore store) {
        this.store = store;
    }

    /** Returns the names of the calls since they were last cleared. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** Returns the key of every call. */
    public List<StoreKey> keys() {
        return List.copyOf(keys);
    }

    /** Returns every record that was written. */
    public List<StoredSession> writtenRecords() {
        return List.copyOf(written);
    }

    /** Clears the names of the calls. */
    public SpyStore clearCalls() {
        calls.clear();
        return this;
    }

    /** Fails further calls of this name before they have an effect. */
    public SpyStore failBefore(String call, Supplier<? extends RuntimeException> failure) {
        failuresBefore.put(call, failure);
        return this;
    }

    /** Fails further calls of this name before they have an effect, except for the first few. */
    public SpyStore failBeforeExceptFirst(int successes, String call, Supplier<? extends RuntimeException> failure) {
        AtomicInteger left = new AtomicInteger(successes);
        failuresBefore.put(call, () -> left.getAndDecrement() > 0 ? null : failure.get());
        return this;
    }

    /** Runs an action before each further call of this name. */
    public SpyStore runBefore(String call, Runnable work) {
        failuresBefore.put(call, () -> {
            work.run();
            return null;
        });
        return this;
    }

    /** Fails further calls of this name after they took effect. */
    public SpyStore loseResponse(String call) {
        failuresAfter.put(call, () -> StoreException.unknown("the response was lost", null));
        return this;
    }

    /** Lets every call succeed again. */
    public void clearFailures() {
        failuresBefore.clear();
        failuresAfter.clear();
    }

    private <T> T call(String name, StoreKey key, Supplier<T> work) {
        keys.add(key);
        return call(name, work);
    }

    private <T> T call(String name, Supplier<T> work) {
        calls.add(name);
        fail(failuresBefore.get(name));
        T result = work.get();
        fail(failuresAfter.get(name));
        return result;
    }

    private static void fail(@Nullable Supplier<? extends @Nullable RuntimeException> failure) {
        RuntimeException thrown = failure == null ? null : failure.get();
        if (thrown != null) {
            throw thrown;
        }
    }

    @Override
    protected SessionStore store() {
        return store;
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return call("load", key, () -> super.load(key));
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        written.add(session);
        return call("create", key, () -> super.create(key, session));
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        written.add(replacement);
        return call("compareAndSet", key, () -> super.compareAndSet(key, expected, replacement));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return call("touch", key, () -> super.touch(key, expected, version, expiresAt));
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return call("delete", key, () -> super.delete(key, expected));
    }

    @Override
    public Optional<UserIndex> userIndex() {
        return super.userIndex().map(Index::new);
    }

    private final class Index implements UserIndex {
        private final UserIndex index;

        Index(UserIndex index) {
            this.index = index;
        }

        @Override
        public long enter(String subject, StoreKey key, Instant until) {
            return call("enter", key, () -> index.enter(subject, key, until));
        }

        @Override
        public void advanceEpoch(String subject, Instant keepUntil) {
            call("advanceEpoch", () -> {
                index.advanceEpoch(subject, keepUntil);
                return true;
            });
        }

        @Override
        public List<Entry> find(String subject, @Nullable Entry after, int limit) {
            return call("find", () -> index.find(subject, after, limit));
        }

        @Override
        public void drop(String subject, Entry entry) {
            call("drop", entry.key(), () -> {
                index.drop(subject, entry);
                return true;
            });
        }

        /** Not recorded: stores that remove entries with their records make no call here. */
        @Override
        public void removeKey(String subject, StoreKey key) {
            index.removeKey(subject, key);
        }
    }
}
