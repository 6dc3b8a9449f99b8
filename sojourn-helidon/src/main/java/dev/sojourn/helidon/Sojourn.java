package dev.sojourn.helidon;

import dev.sojourn.Session;
import io.helidon.webserver.http.ServerRequest;

/** Returns the session of a request. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * Returns the session of this request. Does no I/O: the session is loaded when it is first used, which blocks the request's
     * virtual thread.
     *
     * @param request the request that the handler was given
     * @return the session, the same instance for the whole request
     * @throws IllegalStateException if no {@link SojournFeature} is in the routing
     */
    public static Session session(ServerRequest request) {
        return RequestSession.of(request)
                .orElseThrow(() -> new IllegalStateException("there are no sessions in this routing: add them with"
                        + " routing.addFeature(new SojournFeature(sessions))"))
                .session();
    }
}
