package dev.sojourn.demo.web;

import dev.sojourn.Session;
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
 * @param lazySession the client's session, which is loaded when the page first uses it
 */
public record Request(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> form,
        List<String> cookies,
        LazySession lazySession) {
    /**
     * Returns the client's session.
     *
     * @return the same instance for the whole request
     */
    public Session session() {
        return lazySession.get();
    }

    /**
     * Returns the signed-in user, without a store call.
     *
     * @return the user; empty if no user is signed in or the page has not used the session
     */
    public Optional<String> knownUser() {
        return lazySession.knownUser();
    }

    Request with(Map<String, String> newQuery, Map<String, String> newForm) {
        return new Request(method, path, newQuery, newForm, cookies, lazySession);
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
