package dev.sojourn.proof.interleavings;

import java.util.List;

/**
 * The response to one request.
 *
 * @param request the name of the request
 * @param status 200, or the status that the engine sent instead of the handler's
 * @param setCookies the response's {@code Set-Cookie} lines
 */
record Response(String request, int status, List<String> setCookies) {
    boolean isAcknowledged() {
        return status == 200;
    }
}
