package dev.sojourn;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The response of one of Sojourn's own endpoints, complete: {@code Sojourn.send} of each adapter sends it. Immutable; the
 * body is not copied.
 *
 * @param status the HTTP status
 * @param headers the response's headers, without {@code Content-Length}
 * @param body the body; empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // bytes to be sent, never compared as a record
public record EndpointResponse(int status, Map<String, String> headers, byte[] body) {
    /**
     * Copies the headers.
     *
     * @param status the HTTP status
     * @param headers the response's headers
     * @param body the body, kept
     */
    public EndpointResponse {
        headers = Map.copyOf(headers);
    }

    /** Returns a response that no cache keeps. */
    static EndpointResponse of(int status, Map<String, String> headers, String body) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Cache-Control", "no-store");
        return new EndpointResponse(status, all, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Shows the status only. */
    @Override
    public String toString() {
        return "EndpointResponse[" + status + "]";
    }
}
