package dev.sojourn.helidon;

import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** Returns the session of a request: one kept in a store, a sealed one, or what can be read of any. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * Returns the session of this request, which is kept in a store. Does no I/O: the session is loaded when it is
     * first used, which blocks the request's virtual thread.
     *
     * @param request the request that the handler was given
     * @return the session, the same instance for the whole request
     * @throws IllegalStateException if no {@link SojournFeature} is in the routing, or if it has no sessions in a
     *     store; the message says what it has
     */
    public static Session session(ServerRequest request) {
        return requestSession(request).session();
    }

    /**
     * Returns the sealed session of this request, which is kept in the client's cookie. Does no I/O: the cookie is
     * opened when the session is first used.
     *
     * @param request the request that the handler was given
     * @return the session, the same instance for the whole request
     * @throws IllegalStateException if no {@link SojournFeature} is in the routing, or if it has no sealed sessions;
     *     the message says what it has
     */
    public static SealedSession sealed(ServerRequest request) {
        return requestSession(request).sealed();
    }

    /**
     * Returns what can be read of this request's session: the verified access token where tokens are mounted, otherwise
     * the session itself. Does no I/O: the token is verified, or the session loaded, when the view is first used.
     *
     * @param request the request that the handler was given
     * @return the view, the same instance for the whole request
     * @throws IllegalStateException if no {@link SojournFeature} is in the routing
     */
    public static SessionView view(ServerRequest request) {
        return requestSession(request).view();
    }

    /**
     * Sends the response of one of Sojourn's endpoints, such as {@link dev.sojourn.SessionStatus#read}.
     *
     * @param response the response that the handler was given
     * @param endpoint what is sent
     */
    public static void send(ServerResponse response, EndpointResponse endpoint) {
        response.status(endpoint.status());
        endpoint.headers().forEach((name, value) -> response.header(name, value));
        if (endpoint.body().length == 0) {
            response.send();
        } else {
            response.send(endpoint.body());
        }
    }

    private static RequestSession requestSession(ServerRequest request) {
        return RequestSession.of(request)
                .orElseThrow(() -> new IllegalStateException("there are no sessions in this routing: add them with"
                        + " routing.addFeature(new SojournFeature(sessions))"));
    }
}
