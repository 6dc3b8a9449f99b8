package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionRecord;
import java.util.Optional;

/**
 * Writes the changes of a batch of commits, and finishes each of them. The result is the record that the session's next batch
 * starts from; empty if there is none.
 */
final class BatchWrite implements RetryableWrite<Optional<RecordSnapshot>> {
    private final CommitBatch batch;
    private final RecordWriter writer;
    private final EventBuffer events;
    /**
     * Whether all commits loaded exactly the record to start from. Only then may a batch without changes skip the write:
     * otherwise that record may be outdated, and the compare-and-set decides.
     */
    private boolean isBaseKnown;

    private RecordSnapshot next;
    private boolean isUnchanged;

    BatchWrite(CommitBatch batch, RecordSnapshot first, RecordWriter writer, EventBuffer events) {
        this.batch = batch;
        this.writer = writer;
        this.events = events;
        this.isBaseKnown = batch.isBasedOn(first.version());
        this.next = first;
    }

    @Override
    public Outcome tryOn(RecordSnapshot base) {
        SessionRecord record;
        do {
            record = batch.applyTo(base.record(), writer::check);
            if (batch.isEmpty()) {
                next = base;
                return Outcome.DONE;
            }
        } while (!batch.seal());
        isUnchanged = isBaseKnown && writer.isUnchanged(record, base, batch.access());
        if (isUnchanged) {
            next = base;
            return Outcome.DONE;
        }
        next = writer.next(base, record, batch.access());
        return writer.replace(base, next, events);
    }

    @Override
    public Optional<RecordSnapshot> finish() {
        if (isUnchanged) {
            batch.finishUnchanged(next);
        } else {
            batch.finishSaved(next);
        }
        return Optional.of(next);
    }

    @Override
    public Optional<RecordSnapshot> finishNotLive(StoredState found) {
        batch.finishNotLive(CommitOutcome.NotLive.because(found));
        return Optional.empty();
    }

    @Override
    public void prepareRetry(RecordSnapshot winner) {
        isBaseKnown = true;
        batch.reopen();
    }

    @Override
    public Optional<RecordSnapshot> giveUp(RecordSnapshot winner, SessionUnavailableException reason) {
        batch.giveUp(reason);
        return Optional.of(winner);
    }

    @Override
    public long nanosForOthers() {
        return batch.nanosForOthers();
    }

    @Override
    public long nanosInFunction() {
        return batch.nanosForItself();
    }
}
