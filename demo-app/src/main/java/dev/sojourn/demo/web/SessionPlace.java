package dev.sojourn.demo.web;

import dev.sojourn.EditableSession;
import dev.sojourn.Session;
import java.util.Optional;

/** Where the pages' sessions are kept. */
public enum SessionPlace {
    /** In a store. */
    STORE {
        @Override
        EditableSession session(RequestSessions sessions) {
            return sessions.session();
        }

        @Override
        Optional<Session> stored(RequestSessions sessions) {
            return Optional.of(sessions.session());
        }
    },

    /** In the client's cookie, sealed. */
    COOKIE {
        @Override
        EditableSession session(RequestSessions sessions) {
            return sessions.sealed();
        }

        @Override
        Optional<Session> stored(RequestSessions sessions) {
            return Optional.empty();
        }
    };

    /** Returns what every kind of session can do. */
    abstract EditableSession session(RequestSessions sessions);

    /** Returns the session if it is kept in a store. */
    abstract Optional<Session> stored(RequestSessions sessions);
}
