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

/** Any store, with every call written down. */
public final class RecordingStore extends ForwardingStore {
    private static final int SHOWN = 6;

    private final SessionStore store;
    private final StoreCalls calls;

    /**
     * A store that is listened to.
     *
     * @param store the store that does the work
     * @param calls where its calls are written down
     */
    public RecordingStore(SessionStore store, StoreCalls calls) {
        this.store = store;
        this.calls = calls;
    }

    @Override
    protected SessionStore store() {
        return store;
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return recorded(
                "load",
                key,
                () -> super.load(key),
                found -> found.map(RecordingStore::size).orElse("nothing there"));
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return recorded(
                "create", key, () -> super.create(key, session), done -> done ? size(session) : "refused: key taken");
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return recorded(
                "compareAndSet",
                key,
                () -> super.compareAndSet(key, expected, replacement),
                outcome -> told(outcome, size(replacement)));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return recorded(
                "touch", key, () -> super.touch(key, expected, version, expiresAt), done -> done ? "done" : "lost");
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return recorded("delete", key, () -> super.delete(key, expected), outcome -> told(outcome, "done"));
    }

    @Override
    public Optional<UserIndex> userIndex() {
        return super.userIndex().map(RecordingIndex::new);
    }

    private <T> T recorded(String name, StoreKey key, Supplier<T> call, Function<T, String> outcome) {
        String text = key.text();
        return recorded(name, text.substring(0, Math.min(SHOWN, text.length())) + "…", call, outcome);
    }

    private <T> T recorded(String name, String what, Supplier<T> call, Function<T, String> outcome) {
        try {
            T result = call.get();
            calls.add(new StoreCall(name, what, outcome.apply(result)));
            return result;
        } catch (StoreException e) {
            calls.add(new StoreCall(name, what, e.isNotDone() ? "failed: not done" : "failed: outcome unknown"));
            throw e;
        }
    }

    private static String told(Outcome outcome, String done) {
        if (outcome instanceof Outcome.Lost lost) {
            return lost.current().isPresent() ? "lost: changed meanwhile" : "lost: nothing there";
        }
        return done;
    }

    private static String size(StoredSession session) {
        return session.payload().length + " bytes";
    }

    /** The store's index of users, with every call written down as well. Whose sessions they are is left out. */
    private final class RecordingIndex implements UserIndex {
        private final UserIndex index;

        RecordingIndex(UserIndex index) {
            this.index = index;
        }

        @Override
        public long enter(String subject, StoreKey key, Instant until) {
            return recorded("enter", key, () -> index.enter(subject, key, until), epoch -> "in the user's index");
        }

        @Override
        public void advanceEpoch(String subject, Instant keepUntil) {
            recorded(
                    "advanceEpoch",
                    "the user",
                    () -> {
                        index.advanceEpoch(subject, keepUntil);
                        return subject;
                    },
                    done -> "no sign-in that is under way survives");
        }

        @Override
        public List<Entry> find(String subject, @Nullable Entry after, int limit) {
            return recorded(
                    "find",
                    "the user",
                    () -> index.find(subject, after, limit),
                    found -> found.size() == 1 ? "1 entry" : found.size() + " entries");
        }

        @Override
        public void drop(String subject, Entry entry) {
            recorded(
                    "drop",
                    entry.key(),
                    () -> {
                        index.drop(subject, entry);
                        return entry;
                    },
                    done -> "its record is gone");
        }

        @Override
        public void removeKey(String subject, StoreKey key) {
            recorded(
                    "leave",
                    key,
                    () -> {
                        index.removeKey(subject, key);
                        return key;
                    },
                    done -> "in the user's index no more");
        }
    }
}
