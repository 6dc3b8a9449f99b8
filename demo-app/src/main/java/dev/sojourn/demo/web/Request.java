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
 * @param session the visitor's session, not loaded before somebody uses it
 */
public record Request(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> form,
        List<String> cookies,
        Session session) {
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
