package dev.sojourn.demo.web;

import dev.sojourn.EditableSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The session of one request, which notes whether the request has used it. Used by one thread. */
public final class UsedSession {
    private final RequestSessions sessions;
    private final SessionPlace place;
    private @Nullable EditableSession used;

    UsedSession(RequestSessions sessions, SessionPlace place) {
        this.sessions = sessions;
        this.place = place;
    }

    EditableSession get() {
        EditableSession session = place.session(sessions);
        used = session;
        return session;
    }

    Optional<Session> stored() {
        Optional<Session> session = place.stored(sessions);
        session.ifPresent(found -> used = found);
        return session;
    }

    SessionView view() {
        return sessions.view();
    }

    /** Saves the request's changes, if it has used the session and the session is in a store. */
    void save() {
        if (used != null) {
            place.stored(sessions).ifPresent(Session::save);
        }
    }

    /** Discards the request's unsaved changes, if it has used the session. */
    void discard() {
        if (used != null) {
            used.discard();
        }
    }

    /**
     * Returns the signed-in user, without a store call.
     *
     * @return the user; empty if no user is signed in or the request has not used the session
     */
    Optional<String> knownUser() {
        return Optional.ofNullable(used).map(SessionView::subject);
    }
}
