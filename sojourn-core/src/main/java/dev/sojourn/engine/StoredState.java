package dev.sojourn.engine;

import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoredSession;

/** What stands under a key, judged. */
sealed interface StoredState {
    /** A session to work with. */
    record Live(RecordSnapshot snapshot) implements StoredState {}

    /** A record whose place another one took. */
    record Retired(StoredSession stored, SessionRecord record) implements StoredState {}

    /** A session whose time has passed, and that was removed. */
    record Expired(StoredSession stored, SessionRecord record, Timeout cause) implements StoredState {}

    /**
     * A session whose time has passed by this node's clock alone, or that could not be removed: it is not to be used here, and
     * may live elsewhere.
     */
    record Doubtful(RecordSnapshot snapshot) implements StoredState {}

    /** Bytes that are no record; removed unless the store refused. */
    record Unreadable(StoredSession stored, boolean removed) implements StoredState {}

    /** Nothing. */
    record Absent() implements StoredState {}
}
