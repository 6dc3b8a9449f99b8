package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request's changes on their way into the store, perhaps together with those of others. Until they are about to be
 * written their request can take them back.
 */
final class Commit {
    private enum State {
        /** For somebody to apply them. */
        WAITING,
        /** Being applied to a record, which may run a function of the application. */
        APPLYING,
        /** In a record that is not being written yet. */
        APPLIED,
        /** In a record that is being written. */
        SEALED,
        /** Taken back by their request. */
        WITHDRAWN,
        DONE
    }

    final RecordSnapshot base;
    final List<AttributeChange> changes;

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final Set<String> overwritten = new LinkedHashSet<>();
    private @Nullable Result result;
    private @Nullable Throwable failure;
    private long nanosToApply;

    Commit(RecordSnapshot base, List<AttributeChange> changes) {
        this.base = base;
        this.changes = List.copyOf(changes);
    }

    /** The same changes once more, after these were taken back. */
    Commit again() {
        return new Commit(base, changes);
    }

    /** What became of the changes. */
    sealed interface Result {
        /**
         * They are in the store.
         *
         * @param snapshot the record that they are in
         * @param written whether it was written for them: not if they changed nothing
         * @param overwritten attributes whose value another request had set after this one had read
         */
        record Saved(RecordSnapshot snapshot, boolean written, Set<String> overwritten) implements Result {}

        /** There is no such session any more. */
        record Ended() implements Result {}

        /** The session has a new id. */
        record Superseded() implements Result {}
    }

    // ---- for the request that saves

    /** The record with these changes; notes which changes of others they replace. */
    SessionRecord on(SessionRecord record) {
        overwritten.clear();
        RecordDraft draft = new RecordDraft(record);
        for (AttributeChange change : changes) {
            String name = change.blindly();
            if (name != null
                    && !same(
                            record.attributes().get(name),
                            base.record().attributes().get(name))) {
                overwritten.add(name);
            }
            change.on(draft);
        }
        return draft.record();
    }

    private static boolean same(@Nullable Slice one, @Nullable Slice other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.sameBytes(other);
    }

    /** Whether applying them runs functions of the application. */
    boolean runsFunctions() {
        for (AttributeChange change : changes) {
            if (change instanceof AttributeChange.Update<?>) {
                return true;
            }
        }
        return false;
    }

    /** False if their request has taken them back. */
    boolean beginToApply() {
        return state.compareAndSet(State.WAITING, State.APPLYING);
    }

    /** False if their request has taken them back meanwhile. */
    boolean applied(long nanos) {
        nanosToApply = nanos;
        return state.compareAndSet(State.APPLYING, State.APPLIED);
    }

    /** From now on their request waits for what becomes of the write; false if it has taken them back. */
    boolean seal() {
        return state.compareAndSet(State.APPLIED, State.SEALED);
    }

    /** They were not written, and are for anybody to apply again. */
    void reopen() {
        if (!state.compareAndSet(State.SEALED, State.WAITING)) {
            state.compareAndSet(State.APPLIED, State.WAITING);
        }
    }

    /** How long the functions in them took the last time. */
    long nanosToApply() {
        return nanosToApply;
    }

    /** Attributes whose value another request had set after this one had read. */
    Set<String> overwritten() {
        return overwritten;
    }

    void saved(RecordSnapshot snapshot, boolean written) {
        finish(new Result.Saved(snapshot, written, overwritten));
    }

    void finish(Result became) {
        result = became;
        state.set(State.DONE);
    }

    void fail(Throwable because) {
        State now = state.get();
        if (now != State.DONE && now != State.WITHDRAWN) {
            failure = because;
            // Their request may take them back at this very moment; then it never looks at this failure.
            state.compareAndSet(now, State.DONE);
        }
    }

    // ---- for the request that they belong to

    /** Takes them back while nobody is at work on them, so that their request can save them itself. */
    boolean withdraw() {
        return state.compareAndSet(State.WAITING, State.WITHDRAWN)
                || state.compareAndSet(State.APPLIED, State.WITHDRAWN);
    }

    /** Takes them back for good, even while a function in them runs: what it makes is thrown away. */
    boolean abandon() {
        return withdraw() || state.compareAndSet(State.APPLYING, State.WITHDRAWN);
    }

    boolean isDone() {
        return state.get() == State.DONE;
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
