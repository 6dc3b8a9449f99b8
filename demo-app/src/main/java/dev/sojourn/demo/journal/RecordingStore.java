package dev.sojourn.demo.journal;

import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that records every call and delegates it to another store. */
public final class RecordingStore extends ForwardingStore {
    private static final int SHOWN = 6;

    private final SessionStore store;
    private final StoreCall.Store kind;
    private final StoreCalls calls;

    /**
     * Creates a recording store.
     *
     * @param store the store to delegate to
     * @param kind which store it is
     * @param calls the store calls of the current request
     */
    public RecordingStore(SessionStore store, StoreCall.Store kind, StoreCalls calls) {
        this.store = store;
        this.kind = kind;
        this.calls = calls;
    }

    @Override
    protected SessionStore store() {
        return store;
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return record(
                "load",
                key,
                () -> super.load(key),
                found -> found.map(RecordingStore::size).orElse("no record"));
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return record(
                "create",
                key,
                () -> super.create(key, session),
                done -> done ? size(session) : "refused: the key exists");
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return record(
                "compareAndSet",
                key,
                () -> super.compareAndSet(key, expected, replacement),
                outcome -> describe(outcome, size(replacement)));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return record(
                "touch", key, () -> super.touch(key, expected, version, expiresAt), done -> done ? "done" : "lost");
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return record("delete", key, () -> super.delete(key, expected), outcome -> describe(outcome, "done"));
    }

    @Override
    public Optional<UserIndex> userIndex() {
        return super.userIndex().map(RecordingIndex::new);
    }

    private <T> T record(String name, StoreKey key, Supplier<T> call, Function<T, String> outcome) {
        String text = key.text();
        return record(name, text.substring(0, Math.min(SHOWN, text.length())) + "…", call, outcome);
    }

    private <T> T record(String name, String what, Supplier<T> call, Function<T, String> outcome) {
        try {
            T result = call.get();
            calls.add(new StoreCall(kind, name, what, outcome.apply(result)));
            return result;
        } catch (StoreException e) {
            calls.add(new StoreCall(kind, name, what, e.isNotDone() ? "failed: not done" : "failed: outcome unknown"));
            throw e;
        }
    }

    private static String describe(Outcome outcome, String done) {
        if (outcome instanceof Outcome.Lost lost) {
            return lost.current().isPresent() ? "lost: the record has changed" : "lost: no record";
        }
        return done;
    }

    private static String size(StoredSession session) {
        return session.payload().length + " bytes";
    }

    /** Records the calls of the store's user index. Omits the subject. */
    private final class RecordingIndex implements UserIndex {
        private final UserIndex index;

        RecordingIndex(UserIndex index) {
            this.index = index;
        }

        @Override
        public long enter(String subject, StoreKey key, Instant until) {
            return record("enter", key, () -> index.enter(subject, key, until), epoch -> "added to the user index");
        }

        @Override
        public void advanceEpoch(String subject, Instant keepUntil) {
            record(
                    "advanceEpoch",
                    "user",
                    () -> {
                        index.advanceEpoch(subject, keepUntil);
                        return subject;
                    },
                    done -> "no concurrent sign-in survives");
        }

        @Override
        public List<Entry> find(String subject, @Nullable Entry after, int limit) {
            return record(
                    "find",
                    "user",
                    () -> index.find(subject, after, limit),
                    found -> found.size() == 1 ? "1 entry" : found.size() + " entries");
        }

        @Override
        public void drop(String subject, Entry entry) {
            record(
                    "drop",
                    entry.key(),
                    () -> {
                        index.drop(subject, entry);
                        return entry;
                    },
                    done -> "the record no longer exists");
        }

        @Override
        public void removeKey(String subject, StoreKey key) {
            record(
                    "removeKey",
                    key,
                    () -> {
                        index.removeKey(subject, key);
                        return key;
                    },
                    done -> "removed from the user index");
        }
    }
}
