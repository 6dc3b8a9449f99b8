package dev.sojourn.vertx;

import dev.sojourn.Session;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Where a handler gets its session. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * The session of this request.
     *
     * <p>On an event loop it is loaded first, on a worker; then {@code get}, {@code set}, {@code remove}, {@code login},
     * {@code changeId}, {@code regenerate} and {@code destroy} are in memory, and what they did is saved, on a worker again,
     * before the answer leaves. {@code update}, {@code save}, {@code reload} and {@code exclusive} ask the store at once:
     * on an event loop they throw an {@link IllegalStateException}. While the session loads the request's body waits, so
     * that handlers for it can still be set when the future completes.
     *
     * <p>On a worker, and on a virtual thread of a verticle, the future is complete at once, nothing is loaded before the
     * session is used, and every call may be made.
     *
     * @param ctx the handler's context
     * @return the session, the same instance for the whole request; fails with a
     *     {@link dev.sojourn.SessionUnavailableException} if the store cannot answer, which {@code ctx.fail} turns into a 503
     * @throws IllegalStateException if the router is not served through a {@link SojournHandler}
     */
    public static Future<Session> session(RoutingContext ctx) {
        SessionResponse response = response(ctx.response());
        response.routedBy(ctx);
        return response.session();
    }

    /**
     * The session of this request, for handlers without a router.
     *
     * @param request the request that the handler was given
     * @return the session, as {@link #session(RoutingContext)} gives it
     * @throws IllegalStateException if the handler is not served through a {@link SojournHandler}
     */
    public static Future<Session> session(HttpServerRequest request) {
        return response(request.response()).session();
    }

    private static SessionResponse response(HttpServerResponse response) {
        SessionResponse ours = SessionResponse.behind(response);
        if (ours == null) {
            throw new IllegalStateException("this request did not come through a SojournHandler: serve the router with"
                    + " server.requestHandler(SojournHandler.create(sessions, router))");
        }
        return ours;
    }
}
