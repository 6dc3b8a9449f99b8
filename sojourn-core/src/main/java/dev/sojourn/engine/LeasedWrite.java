package dev.sojourn.engine;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionRecord;

/**
 * Writes the changes of a request that holds the session's lease. Replayed only while the lease is in the record: then the
 * other writer does not use leases. If the lease is gone, what this request has read is not what is stored.
 */
final class LeasedWrite implements RetryableWrite<CommitOutcome> {
    private final Commit commit;
    private final String holder;
    private final CommitPoint point;
    private final CommitQueue queue;
    private final RecordWriter writer;
    private final EventBuffer events;
    private RecordSnapshot next;

    LeasedWrite(
            Commit commit,
            String holder,
            CommitPoint point,
            CommitQueue queue,
            RecordWriter writer,
            EventBuffer events) {
        this.commit = commit;
        this.holder = holder;
        this.point = point;
        this.queue = queue;
        this.writer = writer;
        this.events = events;
        this.next = commit.base;
    }

    @Override
    public Outcome tryOn(RecordSnapshot base) {
        SessionRecord changed = queue.inFunction(() -> commit.applyTo(base.record()));
        // At the head the lease is released in the same write.
        SessionRecord record = point == CommitPoint.HEAD ? changed.withLease(null) : changed;
        next = writer.next(base, writer.check(base.record(), record), commit.access);
        return writer.replace(base, next, events);
    }

    @Override
    public CommitOutcome finish() {
        return new CommitOutcome.Saved(next, commit.overwritten());
    }

    @Override
    public CommitOutcome finishNotLive(StoredState found) {
        return CommitOutcome.NotLive.because(found);
    }

    @Override
    public void prepareRetry(RecordSnapshot winner) {
        LeaseManager.checkHeld(winner.record(), holder);
    }
}
