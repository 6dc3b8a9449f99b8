package dev.sojourn.demo.web;

import dev.sojourn.EditableSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request, independent of the HTTP server.
 *
 * @param method the method
 * @param path the path, decoded
 * @param query the query parameters
 * @param form the fields of the submitted form
 * @param cookies the Cookie headers
 * @param host the host and port that the client has connected to
 * @param usedSession the client's session, which is loaded when the page first uses it
 */
public record Request(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> form,
        List<String> cookies,
        String host,
        UsedSession usedSession) {
    /**
     * Returns the client's session, wherever it is kept.
     *
     * @return the same instance for the whole request
     */
    public EditableSession session() {
        return usedSession.get();
    }

    /**
     * Returns the client's session if it is kept in a store.
     *
     * @return the same instance for the whole request; empty if sessions are sealed
     */
    public Optional<Session> storedSession() {
        return usedSession.stored();
    }

    /**
     * Returns what can be read of the client's session.
     *
     * @return the same instance for the whole request
     */
    public SessionView view() {
        return usedSession.view();
    }

    /**
     * Returns the signed-in user, without a store call.
     *
     * @return the user; empty if no user is signed in or the page has not used the session
     */
    public Optional<String> knownUser() {
        return usedSession.knownUser();
    }

    Request with(Map<String, String> newQuery, Map<String, String> newForm) {
        return new Request(method, path, newQuery, newForm, cookies, host, usedSession);
    }

    /**
     * Returns a form field.
     *
     * @param name the field's name
     * @return the value without leading and trailing blanks; empty if there is no such field
     */
    public String field(String name) {
        return form.getOrDefault(name, "").strip();
    }

    /**
     * Returns the value of a cookie, undecoded.
     *
     * @param name the cookie's name
     * @return the value, or empty
     */
    public Optional<String> cookie(String name) {
        return Cookies.value(cookies, name);
    }
}
