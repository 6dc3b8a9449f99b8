package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes the changes of a batch of commits. Its result is the record that the next batch of the session starts from; null
 * if there is none.
 */
final class BatchWrite implements RecordWrite<@Nullable RecordSnapshot> {
    private final CommitBatch batch;
    private final RecordWriter writer;
    private final EventBuffer events;
    /**
     * Whether the record to start from is known to be newest. What was accepted here before may have been replaced by another
     * node since, so that "nothing to change" on it proves nothing: a request that loaded something newer is written, and
     * the store decides.
     */
    private boolean isBaseKnown;

    private RecordSnapshot next;
    private boolean unchanged;

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
        unchanged = isBaseKnown && writer.isUnchanged(record, base);
        if (unchanged) {
            next = base;
            return Outcome.DONE;
        }
        next = writer.next(base, record);
        return writer.replace(base, next, events);
    }

    @Override
    public RecordSnapshot result() {
        if (unchanged) {
            batch.finishUnchanged(next);
        } else {
            batch.finishSaved(next);
        }
        return next;
    }

    @Override
    public @Nullable RecordSnapshot resultIfLost(StoredState found) {
        batch.finishLost(CommitOutcome.Lost.because(found));
        return null;
    }

    @Override
    public void prepareRetry(RecordSnapshot winner) {
        isBaseKnown = true;
        batch.reopen();
    }

    @Override
    public RecordSnapshot giveUp(RecordSnapshot winner, SessionUnavailableException reason) {
        batch.giveUp(reason);
        return winner;
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
