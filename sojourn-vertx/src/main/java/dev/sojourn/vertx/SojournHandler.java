package dev.sojourn.vertx;

import dev.sojourn.SessionException;
import dev.sojourn.spi.SessionSource;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/**
 * A handler that adds sessions to a server: {@code server.requestHandler(SojournHandler.create(sessions, router))}.
 *
 * <p>It goes in front of the router, not into it, because the response must wait for the save: the first write of the response
 * that handlers see saves the session, on a worker, before the head is sent. If that fails, an error response replaces the
 * handler's. The router handles failures as usual. Only a {@link SessionException} that would cause Vert.x's default 500 gets
 * the status of the exception instead, whether or not the handler used the session. For that, a router gets one more route,
 * before all others. If a router is inside another handler, this holds only for requests that used {@link Sojourn}.
 *
 * <p>A handler behind another one over the same sessions does nothing.
 *
 * <p>No event loop waits for the store. Loading and saving run on the worker pool of the server's verticle. Thread-safe.
 */
public final class SojournHandler implements Handler<HttpServerRequest> {
    private final SessionSource sessions;
    private final Handler<HttpServerRequest> handler;

    private SojournHandler(SessionSource sessions, Handler<HttpServerRequest> handler) {
        this.sessions = sessions;
        this.handler = handler;
    }

    /**
     * Creates a handler that adds sessions to the requests of a router. A {@link Router} gets one more route, which goes on to
     * the next one.
     *
     * @param sessions the application's sessions: {@link dev.sojourn.Sessions}, sealed sessions or the views of tokens
     * @param handler a {@link Router}, or any other request handler
     * @return the handler to pass to {@code requestHandler}
     */
    public static SojournHandler create(SessionSource sessions, Handler<HttpServerRequest> handler) {
        Objects.requireNonNull(sessions, "sessions");
        Objects.requireNonNull(handler, "handler");
        if (handler instanceof Router router) {
            router.route().order(Integer.MIN_VALUE).handler(SojournHandler::rememberContext);
        }
        return new SojournHandler(sessions, handler);
    }

    /** A routing context knows why a handler failed, and nothing leads from a response to its context. */
    private static void rememberContext(RoutingContext ctx) {
        SessionResponse response = SessionResponse.behind(ctx.response());
        if (response != null) {
            response.routingContext(ctx);
        }
        ctx.next();
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (request instanceof SessionRequest served && served.isFrom(sessions)) {
            handler.handle(request);
            return;
        }
        SessionRequest sessionRequest = new SessionRequest((HttpServerRequestInternal) request, sessions);
        try {
            sessionRequest.admit();
            if (sessionRequest.isSignInRequired()) {
                sessionRequest
                        .view()
                        .onSuccess(view -> handleSignedIn(sessionRequest))
                        .onFailure(sessionRequest::handleFailure);
            } else {
                handler.handle(sessionRequest);
            }
        } catch (RuntimeException | Error e) {
            sessionRequest.handleFailure(e);
        }
    }

    private void handleSignedIn(SessionRequest request) {
        try {
            request.checkSignIn();
            handler.handle(request);
        } catch (RuntimeException | Error e) {
            request.handleFailure(e);
        }
    }

    static System.Logger logger() {
        return System.getLogger("dev.sojourn.vertx");
    }
}
