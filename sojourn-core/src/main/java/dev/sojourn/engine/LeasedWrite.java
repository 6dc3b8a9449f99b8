package dev.sojourn.engine;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionRecord;

/**
 * Writes the changes of a request that holds the session's lease. Replayed only while the lease is in the record: then the
 * other writer does not use leases. If the lease is gone, what this request has read is not what is stored.
 */
final class LeasedWrite implements RecordWrite<CommitOutcome> {
    private final Commit commit;
    private final String holder;
    private final CommitPoint point;
    private final CommitLine line;
    private final RecordWriter writer;
    private final EventBuffer events;
    private RecordSnapshot next;

    LeasedWrite(
            Commit commit, String holder, CommitPoint point, CommitLine line, RecordWriter writer, EventBuffer events) {
        this.commit = commit;
        this.holder = holder;
        this.point = point;
        this.line = line;
        this.writer = writer;
        this.events = events;
        this.next = commit.base;
    }

    @Override
    public Outcome tryOn(RecordSnapshot base) {
        SessionRecord changed = line.inFunction(() -> commit.applyTo(base.record()));
        // At the head the lease is released in the same write.
        SessionRecord record = point == CommitPoint.HEAD ? changed.leased(null) : changed;
        next = writer.next(base, writer.check(base.record(), record));
        return writer.replace(base, next, events);
    }

    @Override
    public CommitOutcome result() {
        return new CommitOutcome.Saved(next, commit.overwritten());
    }

    @Override
    public CommitOutcome resultIfLost(StoredState found) {
        return CommitOutcome.Lost.because(found);
    }

    @Override
    public void prepareRetry(RecordSnapshot winner) {
        LeaseManager.checkHeld(winner.record(), holder);
    }
}
