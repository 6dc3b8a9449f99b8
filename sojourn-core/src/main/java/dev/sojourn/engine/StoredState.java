package dev.sojourn.engine;

import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoredSession;

/** What is stored under a key, as {@link RecordReader} judges it. */
sealed interface StoredState {
    /** A session to work with. */
    record Live(RecordSnapshot snapshot) implements StoredState {}

    /** A retired record. It names its successor. */
    record Retired(StoredSession stored, SessionRecord record) implements StoredState {}

    /** An expired session that was removed. */
    record Expired(StoredSession stored, SessionRecord record, Timeout cause) implements StoredState {}

    /**
     * A session that has expired by this node's clock alone, or that could not be removed: not to be used here, but perhaps
     * live for other nodes.
     */
    record Doubtful(RecordSnapshot snapshot) implements StoredState {}

    /** Bytes that are not a record, and that were removed. */
    record Unreadable() implements StoredState {}

    /** Bytes that are not a record, and that the store did not remove. */
    record UnreadableKept() implements StoredState {}

    /** Nothing. */
    record Absent() implements StoredState {}
}
