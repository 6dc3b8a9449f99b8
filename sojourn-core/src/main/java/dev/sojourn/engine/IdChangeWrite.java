package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionRecord;

/**
 * Gives a session a new id: the new record was created before, and the write retires the old one, which decides. After a conflict the
 * new record is brought up to date first.
 */
final class IdChangeWrite implements RetryableWrite<CommitOutcome> {
    /** Whether a new session may stay even if the old one is gone: only if nothing in it came from there. */
    enum IfOldGone {
        /** The new record is removed. */
        REMOVE,
        /** The new record stays if the old session was ended. */
        STAY_IF_ENDED,
        /** The new record stays in any case. */
        STAY
    }

    private final RecordSuccessor successor;
    private final CommitQueue queue;
    private final RecordWriter writer;
    private final UserIndexProtocol userIndex;
    private final AccessRevocation revocation;
    private final EventBuffer events;
    private RecordSnapshot old;
    private CommitOutcome.Created created;
    /** Whether another request has changed the old record since the new one was written. */
    private boolean isOutdated;
    /** Whether the access tokens of the old session are revoked. */
    private boolean isRevoked;

    private IdChangeWrite(
            RecordSnapshot old,
            RecordSuccessor successor,
            CommitQueue queue,
            RecordWriter writer,
            UserIndexProtocol userIndex,
            AccessRevocation revocation,
            EventBuffer events,
            CommitOutcome.Created created) {
        this.successor = successor;
        this.queue = queue;
        this.writer = writer;
        this.userIndex = userIndex;
        this.revocation = revocation;
        this.events = events;
        this.old = old;
        this.created = created;
    }

    /** Creates the new record, and returns the write that retires the old one. Blocks. */
    static IdChangeWrite createSuccessor(
            RecordSnapshot old,
            RecordSuccessor successor,
            CommitQueue queue,
            SessionRecords records,
            RecordWriter writer,
            UserIndexProtocol userIndex,
            AccessRevocation revocation,
            EventBuffer events) {
        SessionRecord record = queue.inFunction(() -> successor.of(old));
        CommitOutcome.Created created = records.create(record, successor.idChange(), old, events);
        return new IdChangeWrite(old, successor, queue, writer, userIndex, revocation, events, created);
    }

    private SessionRecord successorOf(RecordSnapshot current) {
        return queue.inFunction(() -> successor.of(current));
    }

    @Override
    public Outcome tryOn(RecordSnapshot current) {
        if (isOutdated) {
            bringUpToDate(current);
        }
        revokeAccess(current);
        try {
            return writer.retire(current, created.snapshot().key(), events);
        } catch (RuntimeException e) {
            // If the old record is certainly not retired, no trace may stay of a successor that no client knows.
            if (!ConfirmingStore.isOutcomeUnknown(e)) {
                removeCreated();
            }
            throw e;
        }
    }

    /** Before the old record is retired: if this fails, everything stays as it was. */
    private void revokeAccess(RecordSnapshot current) {
        if (isRevoked) {
            return;
        }
        try {
            revocation.revoke(current.key(), current.record());
            isRevoked = true;
        } catch (RuntimeException | Error e) {
            removeCreated();
            throw e;
        }
    }

    private void bringUpToDate(RecordSnapshot current) {
        old = current;
        isOutdated = false;
        try {
            created = writer.update(created, successorOf(current), events);
        } catch (RuntimeException | Error e) {
            removeCreated();
            throw e;
        }
    }

    private void removeCreated() {
        writer.removeUnpublished(created.snapshot(), events);
    }

    @Override
    public CommitOutcome finish() {
        userIndex.leave(old.record().subject(), old.key(), events);
        return new CommitOutcome.IdChanged(created, old);
    }

    @Override
    public CommitOutcome finishNotLive(StoredState found) {
        CommitOutcome.NotLive lost = CommitOutcome.NotLive.because(found);
        boolean stays = switch (successor.idChange().ifOldGone()) {
            case REMOVE -> false;
            case STAY_IF_ENDED -> lost == CommitOutcome.NotLive.ENDED;
            case STAY -> true;
        };
        if (!stays) {
            removeCreated();
        }
        return stays ? created : lost;
    }

    @Override
    public void prepareRetry(RecordSnapshot winner) {
        isOutdated = true;
    }

    @Override
    public CommitOutcome giveUp(RecordSnapshot winner, SessionUnavailableException reason) {
        removeCreated();
        throw reason;
    }
}
