package dev.sojourn.engine;

import dev.sojourn.SessionListener.DestroyReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request knows about its sealed session. Each state carries the data that belongs to it. */
sealed interface SealedState {
    /** The record that was opened or sealed last; null unless the session is live. */
    default @Nullable SealedRecord session() {
        return null;
    }

    /** Whether there is no session, so that a change begins one. */
    default boolean isAbsent() {
        return false;
    }

    /** The request has not used its session. Nothing was opened. */
    enum Untouched implements SealedState {
        /** The initial state. */
        INSTANCE
    }

    /** There is no session. */
    enum None implements SealedState {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean isAbsent() {
            return true;
        }
    }

    /**
     * There is a session.
     *
     * @param session its record as opened or sealed last
     */
    record Live(SealedRecord session) implements SealedState {}

    /**
     * There was a session, and the next commit ends it. To the handler it is absent already.
     *
     * @param ending the session; several if the client sent several that contradict each other
     * @param before the state that a discarded change returns to
     * @param reason why it ends
     */
    record Condemned(List<SealedRecord> ending, SealedState before, DestroyReason reason) implements SealedState {
        @Override
        public boolean isAbsent() {
            return true;
        }
    }

    /** The client has a session that this node has no key for. It reads as absent, and only a login can replace it. */
    enum UnknownKey implements SealedState {
        /** The only one. */
        INSTANCE
    }

    /** The request has ended. */
    enum Closed implements SealedState {
        /** The only one. */
        INSTANCE
    }
}
