package dev.sojourn.demo.web;

import dev.sojourn.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a page knows of a request. Nothing here belongs to one HTTP server, so the pages do not either.
 *
 * @param method the method
 * @param path the path, decoded
 * @param query the parameters behind the question mark
 * @param form the fields of the form that was sent
 * @param cookies the Cookie headers
 * @param visitor the visitor's session, which is not loaded before the page uses it
 */
public record Request(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> form,
        List<String> cookies,
        VisitorsSession visitor) {
    /**
     * The visitor's session.
     *
     * @return the same instance for the whole request
     */
    public Session session() {
        return visitor.use();
    }

    /**
     * Returns who is signed in, as far as the page knows without asking the store.
     *
     * @return the user; empty where nobody is signed in, or the page has not used the session
     */
    public Optional<String> knownUser() {
        return visitor.knownUser();
    }

    Request with(Map<String, String> newQuery, Map<String, String> newForm) {
        return new Request(method, path, newQuery, newForm, cookies, visitor);
    }

    /**
     * A field of the form.
     *
     * @param name its name
     * @return what was entered, without blanks at its ends; empty if there is no such field
     */
    public String field(String name) {
        return form.getOrDefault(name, "").strip();
    }

    /**
     * The value of a cookie, taken from the headers as they are.
     *
     * @param name its name
     * @return the value, or empty
     */
    public Optional<String> cookie(String name) {
        return Cookies.value(cookies, name);
    }
}
