package dev.sojourn.demo.journal;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.SubjectIndex;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Any store, with every call written down. */
public final class RecordingStore implements SessionStore {
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
    public Optional<StoredSession> load(StoreKey key) {
        return recorded(
                "load",
                key,
                () -> store.load(key),
                found -> found.map(RecordingStore::size).orElse("nothing there"));
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return recorded(
                "create", key, () -> store.create(key, session), done -> done ? size(session) : "refused: key taken");
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return recorded(
                "compareAndSet",
                key,
                () -> store.compareAndSet(key, expected, replacement),
                outcome -> told(outcome, size(replacement)));
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return recorded(
                "touch", key, () -> store.touch(key, expected, version, expiresAt), done -> done ? "done" : "lost");
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return recorded("delete", key, () -> store.delete(key, expected), outcome -> told(outcome, "done"));
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

    private <T> T recorded(String name, StoreKey key, Supplier<T> call, Function<T, String> outcome) {
        try {
            T result = call.get();
            add(name, key, outcome.apply(result));
            return result;
        } catch (StoreException e) {
            add(name, key, e.notDone() ? "failed: not done" : "failed: outcome unknown");
            throw e;
        }
    }

    private void add(String name, StoreKey key, String outcome) {
        String text = key.text();
        calls.add(new StoreCall(name, text.substring(0, Math.min(SHOWN, text.length())) + "…", outcome));
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
}
