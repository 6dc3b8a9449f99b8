package dev.sojourn.undertow;

import dev.sojourn.SessionException;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionSource;
import io.undertow.server.DefaultResponseListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.Objects;

/**
 * A handler that adds sessions to the handler behind it: {@code new BlockingHandler(new SojournHandler(sessions, handler))}.
 *
 * <p>The session is saved before the head of the response is sent. If that fails, an error response replaces the handler's. An
 * exception that no handler catches gets a 500, as Undertow responds without this, after the changes were saved; a
 * {@link SessionException} gets the status of the exception.
 *
 * <p>An IO thread never waits for a store. A handler may respond on one: if there is a session to save, a worker saves it and
 * sends the response. If an option loads the session of every request, handlers run on workers. Thread-safe.
 */
public final class SojournHandler implements HttpHandler {
    private final SessionSource sessions;
    private final HttpHandler next;

    /**
     * Creates a handler in front of another one.
     *
     * @param sessions the application's sessions: {@link dev.sojourn.Sessions}, sealed sessions or the views of tokens
     * @param next the handler that uses the session
     */
    public SojournHandler(SessionSource sessions, HttpHandler next) {
        this.sessions = Objects.requireNonNull(sessions, "sessions");
        this.next = Objects.requireNonNull(next, "next");
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        RequestSession outer = exchange.getAttachment(RequestSession.KEY);
        RequestSession requestSession = null;
        if (outer == null || !outer.isFrom(sessions)) {
            requestSession = new RequestSession(exchange, sessions);
            if (requestSession.needsWorker() || requestSession.isRefreshDue() || requestSession.needsUserOnWorker()) {
                exchange.dispatch(this);
                return;
            }
            requestSession.attach();
        }
        try {
            if (requestSession != null) {
                requestSession.admit();
            }
            next.handleRequest(exchange);
        } catch (Exception e) {
            if (exchange.isDispatched() || ErrorResponse.findSessionException(e) == null) {
                throw e;
            }
            // Clients can cause many of these, and Undertow would log each with its stack trace.
            exchange.putAttachment(DefaultResponseListener.EXCEPTION, e);
            exchange.endExchange();
        }
    }

    static System.Logger logger() {
        return System.getLogger("dev.sojourn.undertow");
    }
}
