package dev.sojourn.benchmarks.lab;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;

/** One request's session, as the framework's adapter supplies it. Each method throws if that kind is not mounted. */
interface RequestSessions {
    /** For requests outside the session middleware. */
    RequestSessions NONE = new RequestSessions() {
        @Override
        public Session session() {
            throw noSession();
        }

        @Override
        public SealedSession sealed() {
            throw noSession();
        }

        @Override
        public SessionView view() {
            throw noSession();
        }
    };

    private static IllegalStateException noSession() {
        return new IllegalStateException("this path has no session");
    }

    /** Returns the session in a store. */
    Session session();

    /** Returns the session in the client's cookie. */
    SealedSession sealed();

    /** Returns what can be read of the session. */
    SessionView view();
}
