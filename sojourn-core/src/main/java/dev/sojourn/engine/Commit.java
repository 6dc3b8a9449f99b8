package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One request's changes on their way into the store, perhaps together with those of others. */
final class Commit {
    private enum State {
        WAITING,
        TAKEN,
        WITHDRAWN,
        DONE
    }

    final Snapshot base;
    final List<Change> changes;

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final Set<String> overwritten = new LinkedHashSet<>();
    private @Nullable Result result;
    private @Nullable Throwable failure;

    Commit(Snapshot base, List<Change> changes) {
        this.base = base;
        this.changes = List.copyOf(changes);
    }

    /** What became of the changes. */
    sealed interface Result {
        /** They are in the store, in this record; written only if they changed something. */
        record Saved(Snapshot snapshot, boolean written) implements Result {}

        /** There is no such session any more. */
        record Ended() implements Result {}

        /** The session has a new id. */
        record Superseded() implements Result {}
    }

    /** The record with these changes; notes which changes of others they replace. */
    SessionRecord on(SessionRecord record) {
        overwritten.clear();
        SessionRecord changed = record;
        for (Change change : changes) {
            String name = change.blindly();
            if (name != null
                    && !same(
                            record.attributes().get(name),
                            base.record().attributes().get(name))) {
                overwritten.add(name);
            }
            changed = change.on(changed);
        }
        return changed;
    }

    private static boolean same(@Nullable Slice one, @Nullable Slice other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.sameBytes(other);
    }

    boolean take() {
        return state.compareAndSet(State.WAITING, State.TAKEN);
    }

    /** Takes back changes that nobody has begun to save. */
    boolean withdraw() {
        return state.compareAndSet(State.WAITING, State.WITHDRAWN);
    }

    void finish(Result became) {
        result = became;
        state.set(State.DONE);
    }

    void fail(Throwable because) {
        if (state.get() != State.DONE) {
            failure = because;
            state.set(State.DONE);
        }
    }

    boolean isDone() {
        return state.get() == State.DONE;
    }

    /** Attributes whose value another request had set after this one had read. */
    Set<String> overwritten() {
        return overwritten;
    }

    /** What became of the changes; throws what stood in their way. */
    Result result() {
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (result == null) {
            throw new IllegalStateException("a commit was left unfinished; this is a bug in Sojourn", failure);
        }
        return result;
    }
}
