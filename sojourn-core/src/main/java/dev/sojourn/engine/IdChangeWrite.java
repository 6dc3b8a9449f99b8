package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionRecord;

/**
 * Moves a session to a new id: creates the new record, then retires the old one. The latter decides. After a conflict the
 * new record is brought up to date first.
 */
final class IdChangeWrite implements RetryableWrite<CommitOutcome> {
    /** Whether a new session may stay even if the old one is gone: only if nothing in it came from there. */
    enum IfLost {
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
    private final EventBuffer events;
    private RecordSnapshot old;
    private CommitOutcome.Created created;
    /** Whether another request has changed the old record since the new one was written. */
    private boolean isOutdated;

    /** Creates the new record. */
    IdChangeWrite(
            RecordSnapshot old,
            RecordSuccessor successor,
            CommitQueue queue,
            RecordWriter writer,
            UserIndexProtocol userIndex,
            EventBuffer events) {
        this.successor = successor;
        this.queue = queue;
        this.writer = writer;
        this.userIndex = userIndex;
        this.events = events;
        this.old = old;
        this.created = writer.create(successorOf(old), successor.idChange().nextId(), events);
    }

    private SessionRecord successorOf(RecordSnapshot current) {
        return queue.inFunction(() -> successor.of(current));
    }

    @Override
    public Outcome tryOn(RecordSnapshot current) {
        if (isOutdated) {
            bringUpToDate(current);
        }
        try {
            return writer.retire(current, created.snapshot().key(), events);
        } catch (RuntimeException e) {
            // If the old record is certainly not retired, no trace may stay of a successor that no client knows.
            if (!ConfirmingStore.isInDoubt(e)) {
                withdraw();
            }
            throw e;
        }
    }

    private void bringUpToDate(RecordSnapshot current) {
        old = current;
        isOutdated = false;
        try {
            created = writer.update(created, successorOf(current), events);
        } catch (RuntimeException | Error e) {
            withdraw();
            throw e;
        }
    }

    private void withdraw() {
        writer.withdraw(created.snapshot(), events);
    }

    @Override
    public CommitOutcome finish() {
        userIndex.leave(old.record().subject(), old.key(), events);
        return new CommitOutcome.IdChanged(created);
    }

    @Override
    public CommitOutcome finishLost(StoredState found) {
        CommitOutcome.Lost lost = CommitOutcome.Lost.because(found);
        boolean stays = switch (successor.idChange().ifLost()) {
            case REMOVE -> false;
            case STAY_IF_ENDED -> lost == CommitOutcome.Lost.ENDED;
            case STAY -> true;
        };
        if (!stays) {
            withdraw();
        }
        return stays ? created : lost;
    }

    @Override
    public void prepareRetry(RecordSnapshot winner) {
        isOutdated = true;
    }

    @Override
    public CommitOutcome giveUp(RecordSnapshot winner, SessionUnavailableException reason) {
        withdraw();
        throw reason;
    }
}
