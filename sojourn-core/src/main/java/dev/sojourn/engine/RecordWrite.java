package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A write over a live record that can be tried again on the record that won. {@link RecordWriteLoop} tries it.
 *
 * @param <T> the result
 */
interface RecordWrite<T extends @Nullable Object> {
    /** Tries the write once. Done also means that there was nothing to write. */
    Outcome tryOn(RecordSnapshot base);

    /** Returns the result of the last try, which was done. */
    T result();

    /** Returns the result if there is no live session to write to any more. */
    T resultIfLost(StoredState found);

    /** Prepares the next try on the record that won; throws if there may be none. */
    default void prepareRetry(RecordSnapshot winner) {}

    /** Returns the result, or throws, if there is no time for another try. */
    default T giveUp(RecordSnapshot winner, SessionUnavailableException reason) {
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
