package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.Outcome;

/**
 * A write over a live record that can be tried again on the record that won. {@link RetryLoop} tries it; afterwards
 * it returns the write's result.
 *
 * @param <R> the result
 */
interface RetryableWrite<R> {
    /** Tries the write once. Done also means that there was nothing to write. */
    Outcome tryOn(RecordSnapshot base);

    /** Finishes after a try that was done, and returns the result. */
    R finish();

    /** Finishes because there is no live session to write to any more, and returns the result. */
    R finishNotLive(StoredState found);

    /** Prepares the next try on the record that won; throws if there may be none. */
    default void prepareRetry(RecordSnapshot winner) {}

    /** Finishes and returns the result, or throws, because there is no time for another try. */
    default R giveUp(RecordSnapshot winner, SessionUnavailableException reason) {
        throw reason;
    }

    /** Returns by how many nanoseconds slow functions of other requests have put off the deadline. */
    default long nanosForOthers() {
        return 0;
    }

    /** Returns how many nanoseconds this request's own function has taken. */
    default long nanosInFunction() {
        return 0;
    }
}
