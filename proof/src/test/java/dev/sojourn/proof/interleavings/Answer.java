package dev.sojourn.proof.interleavings;

import java.util.List;

/**
 * What a client was told.
 *
 * @param request the request's name
 * @param status 200, or what the engine answered in place of the handler
 * @param setCookies the answer's {@code Set-Cookie} lines
 */
record Answer(String request, int status, List<String> setCookies) {
    boolean acknowledged() {
        return status == 200;
    }
}
