package dev.sojourn.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How an application ends sealed sessions, of which clients may keep copies. Thread-safe. */
interface EndedSessions {
    /** Whether {@link #tagOf} and {@link #end} block. */
    boolean mayBlock();

    /** Whether {@link #isEnded} would block at this moment. Does no I/O. */
    boolean isLookupBlocking(SealedRecord session);

    /**
     * Whether a session was ended, alone or with all sessions of its user.
     *
     * @param refresh {@link ViewRefresh#IF_TOO_OLD} after {@link #isLookupBlocking} has returned false
     * @throws dev.sojourn.SessionUnavailableException if this is not known
     */
    boolean isEnded(SealedRecord session, ViewRefresh refresh);

    /**
     * Returns the tag of a user who signs in; null if the user's sessions were never all ended.
     *
     * @throws dev.sojourn.SessionUnavailableException if it is not known
     */
    @Nullable
    String tagOf(String subject);

    /**
     * Ends a session on every node.
     *
     * @param id its public id
     * @param until when the last copy of it expires anyway; null if none does
     * @throws dev.sojourn.SessionUnavailableException if that was not confirmed
     */
    void end(String id, @Nullable Instant until);

    /** Ends nothing: a logout only clears the cookie. */
    enum None implements EndedSessions {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean mayBlock() {
            return false;
        }

        @Override
        public boolean isLookupBlocking(SealedRecord session) {
            return false;
        }

        @Override
        public boolean isEnded(SealedRecord session, ViewRefresh refresh) {
            return false;
        }

        @Override
        public @Nullable String tagOf(String subject) {
            return null;
        }

        @Override
        public void end(String id, @Nullable Instant until) {
            // The application has chosen that copies of the cookie stay valid.
        }
    }
}
