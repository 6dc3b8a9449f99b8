package dev.sojourn.engine;

import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.spi.StoreKey;
import org.jspecify.annotations.Nullable;

/**
 * What a request knows about its session. Each state carries the data that belongs to it. {@link SessionLoader} and
 * {@link RequestCommit} move from one state to the next; {@link CommitPlan} decides by the state what a commit does. Never shows an id.
 */
sealed interface SessionState {
    /**
     * The id that the client goes on with after this request; null if this request knows none. A request with an access token
     * knows the store key of its session only.
     */
    default @Nullable String id() {
        return null;
    }

    /** The store key of the session that the request names, live or not; null if there is none, or none any more. */
    default @Nullable StoreKey key() {
        return null;
    }

    /** The record that was loaded or saved last; null unless the session is live. */
    default @Nullable RecordSnapshot snapshot() {
        return null;
    }

    /** Whether there is no session, so that a change begins one. */
    default boolean isAbsent() {
        return false;
    }

    /** The request has not used its session. Nothing was loaded. */
    enum Untouched implements SessionState {
        /** The initial state. */
        INSTANCE
    }

    /**
     * There is no session.
     *
     * @param id the id of a session that this request ended; null if there was none
     */
    record None(@Nullable String id) implements SessionState {
        static final None INSTANCE = new None(null);

        @Override
        public boolean isAbsent() {
            return true;
        }

        @Override
        public String toString() {
            return "None";
        }
    }

    /**
     * There is a session.
     *
     * @param id its id; null if the request knows its store key only
     * @param snapshot its record as loaded or saved last
     */
    record Live(@Nullable String id, RecordSnapshot snapshot) implements SessionState {
        @Override
        public StoreKey key() {
            return snapshot.key();
        }

        @Override
        public String toString() {
            return "Live[" + SessionIds.publicId(snapshot.key()) + "]";
        }
    }

    /**
     * There was a session, and the next commit ends it. To the handler it is absent already.
     *
     * @param session the session
     * @param reason why it ends
     */
    record Condemned(Live session, DestroyReason reason) implements SessionState {
        @Override
        public @Nullable String id() {
            return session.id();
        }

        @Override
        public boolean isAbsent() {
            return true;
        }
    }

    /**
     * The session has moved on to a new id, in another request.
     *
     * @param id the old id; null if the request knows its store key only
     * @param key its store key
     */
    record Superseded(@Nullable String id, StoreKey key) implements SessionState {
        @Override
        public String toString() {
            return "Superseded";
        }
    }

    /**
     * The session was ended by another request while this one was running.
     *
     * @param id its id; null if the request knows its store key only
     * @param key its store key
     */
    record Ended(@Nullable String id, StoreKey key) implements SessionState {
        @Override
        public String toString() {
            return "Ended";
        }
    }

    /** The store did not respond, and the request goes on reading as anonymous. */
    enum Unavailable implements SessionState {
        /** The only one. */
        INSTANCE
    }

    /**
     * The request has ended. The record is released.
     *
     * @param id the id that the client goes on with; null if this request knew none
     */
    record Closed(@Nullable String id) implements SessionState {
        @Override
        public String toString() {
            return "Closed";
        }
    }
}
