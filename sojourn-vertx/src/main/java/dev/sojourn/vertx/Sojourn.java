package dev.sojourn.vertx;

import dev.sojourn.Session;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Returns the session of a request. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * Returns the session of this request.
     *
     * <p>On an event loop, a worker loads it first. Then {@code get}, {@code set}, {@code remove}, {@code login},
     * {@code changeId}, {@code regenerate} and {@code destroy} work in memory, and a worker saves the changes before the
     * response is sent. {@code update}, {@code save}, {@code reload} and {@code exclusive} access the store immediately: on an
     * event loop they throw an {@link IllegalStateException}. The request's body is paused while the session loads, so that
     * body handlers can still be set when the future completes.
     *
     * <p>On a worker, and on a virtual thread of a verticle, the future is already complete, the session is loaded when it is
     * first used, and every call is allowed.
     *
     * @param ctx the handler's context
     * @return the session, the same instance for the whole request; fails with a
     *     {@link dev.sojourn.SessionUnavailableException} if the store is unavailable, which {@code ctx.fail} turns into a 503
     * @throws IllegalStateException if the router is not served through a {@link SojournHandler}
     */
    public static Future<Session> session(RoutingContext ctx) {
        SessionResponse response = response(ctx.response());
        response.routingContext(ctx);
        return response.session();
    }

    /**
     * Returns the session of this request, for handlers without a router.
     *
     * @param request the request that the handler was given
     * @return the session, as {@link #session(RoutingContext)} returns it
     * @throws IllegalStateException if the handler is not served through a {@link SojournHandler}
     */
    public static Future<Session> session(HttpServerRequest request) {
        return response(request.response()).session();
    }

    private static SessionResponse response(HttpServerResponse response) {
        SessionResponse sessionResponse = SessionResponse.behind(response);
        if (sessionResponse == null) {
            throw new IllegalStateException("this request did not come through a SojournHandler: serve the router with"
                    + " server.requestHandler(SojournHandler.create(sessions, router))");
        }
        return sessionResponse;
    }
}
