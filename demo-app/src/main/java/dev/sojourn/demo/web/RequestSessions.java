package dev.sojourn.demo.web;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;

/**
 * The session of one request, as the server's session adapter supplies it. Each method returns the same instance each time,
 * and throws if that kind of session is not mounted for the request.
 */
public interface RequestSessions {
    /**
     * Returns the session in the store.
     *
     * @return the session, which is loaded when it is first used
     */
    Session session();

    /**
     * Returns the session in the client's cookie.
     *
     * @return the session, which is opened when it is first used
     */
    SealedSession sealed();

    /**
     * Returns what can be read of the session.
     *
     * @return the view; of an access token, if tokens are mounted
     */
    SessionView view();
}
