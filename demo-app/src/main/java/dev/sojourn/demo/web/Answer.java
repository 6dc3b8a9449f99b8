package dev.sojourn.demo.web;

import java.util.HashMap;
import java.util.Map;

/**
 * What the visitor gets.
 *
 * @param status the HTTP status
 * @param headers further headers
 * @param body the page, or empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // bytes to be sent, never compared
public record Answer(int status, Map<String, String> headers, byte[] body) {
    /**
     * A page.
     *
     * @param status the HTTP status
     * @param body HTML in UTF-8
     * @return the answer
     */
    public static Answer page(int status, byte[] body) {
        return new Answer(status, Map.of("Content-Type", "text/html; charset=utf-8"), body);
    }

    /**
     * Sends the browser on to a page after a form, so that a reload does not send the form again.
     *
     * @param location the page
     * @return the answer
     */
    public static Answer seeOther(String location) {
        return new Answer(303, Map.of("Location", location), new byte[0]);
    }

    /**
     * An answer without a body.
     *
     * @param status the HTTP status
     * @return the answer
     */
    public static Answer empty(int status) {
        return new Answer(status, Map.of(), new byte[0]);
    }

    /**
     * This answer with more headers.
     *
     * @param more names and values
     * @return the new answer
     */
    public Answer with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Answer(status, Map.copyOf(all), body);
    }
}
