package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionRecord.Generation;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/**
 * Writes the next generation of a refresh token or a remember-me token, if {@link Rotation} says so. After a conflict, and after a call
 * whose outcome stays unknown, the table judges the record that is stored then. Whichever request wrote it, the client gets the same
 * generation.
 */
final class RotationWrite implements RetryableWrite<RotationOutcome> {
    private final long presented;
    private final Duration lostResponses;
    private final Clock clock;
    private final RecordWriter writer;
    private final ConfirmingStore store;
    private final EventBuffer events;
    private RotationOutcome outcome = RotationOutcome.Gone.INSTANCE;

    RotationWrite(
            long presented,
            Duration lostResponses,
            Clock clock,
            RecordWriter writer,
            ConfirmingStore store,
            EventBuffer events) {
        this.presented = presented;
        this.lostResponses = lostResponses;
        this.clock = clock;
        this.writer = writer;
        this.store = store;
        this.events = events;
    }

    @Override
    public Outcome tryOn(RecordSnapshot base) {
        Generation current = base.record().generation();
        if (current == null) {
            outcome = RotationOutcome.Gone.INSTANCE;
            return Outcome.DONE;
        }
        Rotation rotation = decide(current);
        if (rotation instanceof Rotation.Advance advance) {
            RecordSnapshot next = withGeneration(base, advance.next());
            outcome = new RotationOutcome.Current(next);
            return write(base, next);
        }
        if (rotation instanceof Rotation.Recover recover) {
            RecordSnapshot next = withGeneration(base, recover.found());
            outcome = new RotationOutcome.Recovered(next);
            return write(base, next);
        }
        outcome = rotation instanceof Rotation.Reuse
                ? new RotationOutcome.Reused(base)
                : new RotationOutcome.Current(base);
        return Outcome.DONE;
    }

    /** Decides about a record that has a generation, without writing it. */
    Rotation decide(RecordSnapshot base) {
        return decide(
                Objects.requireNonNull(base.record().generation(), "a record with a rotating token has a generation"));
    }

    private Rotation decide(Generation current) {
        return Rotation.of(presented, current, clock.instant(), Rotation.Times.ofEachUse(lostResponses));
    }

    /** The write is an access: it restarts the idle timeout. */
    private RecordSnapshot withGeneration(RecordSnapshot base, Generation generation) {
        return writer.next(base, base.record().withGeneration(generation));
    }

    private Outcome write(RecordSnapshot base, RecordSnapshot next) {
        try {
            return writer.replace(base, next, events);
        } catch (SessionUnavailableException e) {
            if (!ConfirmingStore.isOutcomeUnknown(e)) {
                throw e;
            }
            return store.load(base.key(), events).map(Outcome::lost).orElseGet(Outcome::absent);
        }
    }

    @Override
    public RotationOutcome finish() {
        return outcome;
    }

    @Override
    public RotationOutcome finishNotLive(StoredState found) {
        return RotationOutcome.Gone.INSTANCE;
    }
}
