package dev.sojourn.engine;

import java.util.Set;

/**
 * The result of writing a request's changes to the store. What stood in the way otherwise, such as a store that is
 * unavailable, is thrown.
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
     * The stored record is what the changes make of it already, so nothing was written.
     *
     * @param snapshot the stored record
     * @param overwritten attributes whose value another request had set after this one had read
     */
    record Unchanged(RecordSnapshot snapshot, Set<String> overwritten) implements CommitOutcome {}

    /**
     * The changes are in a record under a new id.
     *
     * @param id the id: not the requested one if that was taken or in doubt
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
     */
    record IdChanged(Created created) implements CommitOutcome {}

    /** The session was not there to be changed. Nothing was written. */
    enum Lost implements CommitOutcome {
        /** The session has ended. */
        ENDED,
        /** The session has moved on to a new id. */
        SUPERSEDED;

        /** Returns the reason why a session is not live. */
        static Lost because(StoredState found) {
            return found instanceof StoredState.Retired ? SUPERSEDED : ENDED;
        }
    }
}
