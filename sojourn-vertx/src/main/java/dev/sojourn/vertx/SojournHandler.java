package dev.sojourn.vertx;

import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.util.Objects;

/**
 * The one line that gives a server sessions: {@code server.requestHandler(SojournHandler.create(sessions, router))}.
 *
 * <p>It stands in front of the router, not in it, because the answer has to wait for the save: handlers see a response
 * whose first write saves the session, on a worker, before the head leaves. A save that fails replaces the answer that
 * the handler chose. Failures are the router's business as ever; only where nothing but Vert.x's own 500 would answer a
 * {@link SessionException}, what the exception says is answered.
 *
 * <p>Within another one of the same sessions it does nothing: there is one session.
 *
 * <p>No event loop waits for the store. Loading and saving run on the worker pool of the server's verticle. Thread-safe.
 */
public final class SojournHandler implements Handler<HttpServerRequest> {
    private final Sessions sessions;
    private final Handler<HttpServerRequest> handler;

    private SojournHandler(Sessions sessions, Handler<HttpServerRequest> handler) {
        this.sessions = sessions;
        this.handler = handler;
    }

    /**
     * Gives the requests of a router sessions.
     *
     * @param sessions the application's sessions
     * @param handler a {@link io.vertx.ext.web.Router}, or any other handler of requests
     * @return what to hand to {@code requestHandler}
     */
    public static SojournHandler create(Sessions sessions, Handler<HttpServerRequest> handler) {
        return new SojournHandler(
                Objects.requireNonNull(sessions, "sessions"), Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (request instanceof SessionRequest served && served.isServedBy(sessions)) {
            handler.handle(request);
            return;
        }
        SessionRequest own = new SessionRequest((HttpServerRequestInternal) request, sessions);
        try {
            handler.handle(own);
        } catch (RuntimeException | Error e) {
            own.fail(e);
        }
    }

    static System.Logger logger() {
        return System.getLogger("dev.sojourn.vertx");
    }
}
