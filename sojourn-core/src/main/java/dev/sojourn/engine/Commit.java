package dev.sojourn.engine;

import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request's changes on their way into the store, perhaps together with those of other requests. Until they are about to
 * be written, their request can withdraw them. Shared by the request's thread and the thread that saves.
 */
final class Commit {
    private enum State {
        /** Ready to be applied. */
        WAITING,
        /** Being applied to a record, which may run a function of the application. */
        APPLYING,
        /** In a record that is not being written yet. */
        APPLIED,
        /** In a record that is being written. */
        SEALED,
        /** Withdrawn by their request. */
        WITHDRAWN,
        DONE
    }

    final RecordSnapshot base;
    final List<AttributeChange> changes;
    final AccessKind access;

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final Set<String> overwritten = new LinkedHashSet<>();
    private @Nullable CommitOutcome outcome;
    private @Nullable Throwable failure;
    private long nanosToApply;

    Commit(RecordSnapshot base, List<AttributeChange> changes) {
        this(base, changes, AccessKind.USE);
    }

    Commit(RecordSnapshot base, List<AttributeChange> changes, AccessKind access) {
        this.base = base;
        this.changes = List.copyOf(changes);
        this.access = access;
    }

    /** Returns the same changes as a new commit, after this one was withdrawn. */
    Commit copy() {
        return new Commit(base, changes, access);
    }

    // ---- for the request that saves

    /** Applies the changes to a record; notes which changes of other requests they overwrite. */
    SessionRecord applyTo(SessionRecord record) {
        overwritten.clear();
        RecordDraft draft = new RecordDraft(record);
        for (AttributeChange change : changes) {
            String name = change.overwrites();
            if (name != null
                    && !same(
                            record.attributes().get(name),
                            base.record().attributes().get(name))) {
                overwritten.add(name);
            }
            change.applyTo(draft);
        }
        return draft.record();
    }

    private static boolean same(@Nullable Slice one, @Nullable Slice other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.sameBytes(other);
    }

    /** Whether applying the changes runs functions of the application. */
    boolean runsFunctions() {
        for (AttributeChange change : changes) {
            if (change instanceof AttributeChange.Immediate<?>) {
                return true;
            }
        }
        return false;
    }

    /** Returns false if their request has withdrawn them. */
    boolean startApplying() {
        return state.compareAndSet(State.WAITING, State.APPLYING);
    }

    /** Returns false if their request has withdrawn them in the meantime. */
    boolean finishApplying(long nanos) {
        nanosToApply = nanos;
        return state.compareAndSet(State.APPLYING, State.APPLIED);
    }

    /** Makes their request wait for the outcome of the write; returns false if it has withdrawn them. */
    boolean seal() {
        return state.compareAndSet(State.APPLIED, State.SEALED);
    }

    /** Makes the changes ready to be applied again, because they were not written. */
    void reopen() {
        if (!state.compareAndSet(State.SEALED, State.WAITING)) {
            state.compareAndSet(State.APPLIED, State.WAITING);
        }
    }

    /** Returns how long the functions in them took the last time. */
    long nanosToApply() {
        return nanosToApply;
    }

    /** Returns the attributes whose value another request had set after this one had read. */
    Set<String> overwritten() {
        return overwritten;
    }

    void finish(CommitOutcome result) {
        outcome = result;
        state.set(State.DONE);
    }

    void fail(Throwable reason) {
        State now = state.get();
        if (now != State.DONE && now != State.WITHDRAWN) {
            failure = reason;
            // Their request may withdraw them at this very moment; then it never reads this failure.
            state.compareAndSet(now, State.DONE);
        }
    }

    // ---- for the request that they belong to

    /** Withdraws the changes while no thread works on them, so that their request can save them itself. */
    boolean withdraw() {
        return state.compareAndSet(State.WAITING, State.WITHDRAWN)
                || state.compareAndSet(State.APPLIED, State.WITHDRAWN);
    }

    /** Withdraws the changes for good, even while a function in them runs: its result is thrown away. */
    boolean abandon() {
        return withdraw() || state.compareAndSet(State.APPLYING, State.WITHDRAWN);
    }

    boolean isDone() {
        return state.get() == State.DONE;
    }

    /** Returns the outcome; throws the failure if there was one. */
    CommitOutcome outcome() {
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (outcome == null) {
            throw new IllegalStateException("a commit was left unfinished; this is a bug in Sojourn", failure);
        }
        return outcome;
    }
}
