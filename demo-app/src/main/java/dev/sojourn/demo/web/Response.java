package dev.sojourn.demo.web;

import java.util.HashMap;
import java.util.Map;

/**
 * An HTTP response.
 *
 * @param status the HTTP status
 * @param headers further headers
 * @param body the body; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // bytes to be sent, never compared
public record Response(int status, Map<String, String> headers, byte[] body) {
    /**
     * Returns a page.
     *
     * @param status the HTTP status
     * @param body HTML in UTF-8
     * @return the response
     */
    public static Response page(int status, byte[] body) {
        return new Response(status, Map.of("Content-Type", "text/html; charset=utf-8"), body);
    }

    /**
     * Returns a redirect to a page after a form was submitted, so that a reload does not submit the form again.
     *
     * @param location the page's path
     * @return the response
     */
    public static Response seeOther(String location) {
        return new Response(303, Map.of("Location", location), new byte[0]);
    }

    /**
     * Returns a response without a body.
     *
     * @param status the HTTP status
     * @return the response
     */
    public static Response empty(int status) {
        return new Response(status, Map.of(), new byte[0]);
    }

    /**
     * Returns this response with additional headers.
     *
     * @param more names and values
     * @return the new response
     */
    public Response with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Response(status, Map.copyOf(all), body);
    }
}
