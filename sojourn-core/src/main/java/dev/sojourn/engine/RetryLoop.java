package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.Outcome;
import java.time.Duration;

/**
 * The compare-and-set loop: tries a write, and after a conflict again on the record that won, with random pauses that
 * grow, until it is done, the session is not live any more, or the deadline has passed.
 */
final class RetryLoop {
    private final RecordReader reader;
    private final RetryPacer pacer;

    RetryLoop(RecordReader reader, RetryPacer pacer) {
        this.reader = reader;
        this.pacer = pacer;
    }

    /** Runs a write, first on the given record. Returns its result. */
    <R> R run(RecordSnapshot first, RetryableWrite<R> write) {
        RecordSnapshot base = first;
        Deadline deadline = Deadline.after(SessionRecords.COMMIT_TIMEOUT, pacer::nanoTime);
        for (int conflicts = 1; ; conflicts++) {
            if (!(write.tryOn(base) instanceof Outcome.Lost lost)) {
                return write.finish();
            }
            StoredState found = reader.judge(base.key(), lost);
            if (!(found instanceof StoredState.Live live)) {
                return write.finishNotLive(found);
            }
            base = live.snapshot();
            write.prepareRetry(base);
            try {
                pauseBeforeRetry(conflicts, deadline.nanosLeft() + write.nanosForOthers(), write.nanosInFunction());
            } catch (SessionUnavailableException e) {
                return write.giveUp(base, e);
            }
        }
    }

    /** Pauses before the next try; throws if there is no time for one, and names the application's function if that took it. */
    private void pauseBeforeRetry(int conflicts, long nanosLeft, long nanosInFunction) {
        if (Thread.currentThread().isInterrupted()) {
            throw conflict("interrupted while other requests changed this session; nothing was saved");
        }
        if (nanosLeft <= 0) {
            throw nanosInFunction > CommitQueue.SLOW_NANOS ? tooSlow(nanosInFunction) : tooManyConflicts();
        }
        if (conflicts > 1) {
            pacer.pause(conflicts);
        }
    }

    private static SessionUnavailableException tooSlow(long nanosInFunction) {
        return conflict("the function given to Session.update took " + Duration.ofNanos(nanosInFunction)
                + ", and other requests changed this session in the meantime, so that it would have to run again;"
                + " nothing was saved. Keep slow work out of the function");
    }

    /** Returns the failure of a request that lost until its deadline. */
    static SessionUnavailableException tooManyConflicts() {
        return conflict("other requests changed this session again and again for " + SessionRecords.COMMIT_TIMEOUT
                + "; nothing was saved");
    }

    private static SessionUnavailableException conflict(String message) {
        return new SessionUnavailableException(Reason.CONFLICT, message, null);
    }
}
