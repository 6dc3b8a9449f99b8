package dev.sojourn.engine;

import java.util.Set;

/**
 * The result of writing a request's changes to the store. Failures, such as an unavailable store, are
 * thrown.
 */
sealed interface CommitOutcome {
    /**
     * The changes are in the session's record.
     *
     * @param snapshot the record that was written
     * @param overwritten attributes whose value another request had set after this one had read
     */
    record Saved(RecordSnapshot snapshot, Set<String> overwritten) implements CommitOutcome {}

    /**
     * The stored record already contains the changes, so nothing was written.
     *
     * @param snapshot the stored record
     * @param overwritten attributes whose value another request had set after this one had read
     */
    record Unchanged(RecordSnapshot snapshot, Set<String> overwritten) implements CommitOutcome {}

    /**
     * The changes are in a record under a new id.
     *
     * @param id the id: not the requested one if that was taken, or if it is unknown whether it is
     * @param snapshot the record that was written
     */
    record Created(String id, RecordSnapshot snapshot) implements CommitOutcome {
        /** Never shows the id. */
        @Override
        public String toString() {
            return "Created[" + SessionIds.publicId(snapshot.key()) + "]";
        }
    }

    /**
     * The changes are in a record under a new id, and the session's former record is retired.
     *
     * @param created the new record
     * @param old the former record, as it was when it was retired
     */
    record IdChanged(Created created, RecordSnapshot old) implements CommitOutcome {}

    /** The session was not there to be changed. Nothing was written. */
    enum NotLive implements CommitOutcome {
        /** The session has ended. */
        ENDED,
        /** The session has moved on to a new id. */
        SUPERSEDED;

        /** Returns the reason why a session is not live. */
        static NotLive because(StoredState found) {
            return found instanceof StoredState.Retired ? SUPERSEDED : ENDED;
        }
    }
}
