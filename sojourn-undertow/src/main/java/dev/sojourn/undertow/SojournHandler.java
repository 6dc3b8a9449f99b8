package dev.sojourn.undertow;

import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import dev.sojourn.spi.ErrorResponse;
import io.undertow.server.DefaultResponseListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.Objects;

/**
 * The one line that gives handlers sessions: {@code new BlockingHandler(new SojournHandler(sessions, handler))}.
 *
 * <p>A session is saved before the head of the response leaves. If that fails, the response that the handler chose is
 * replaced. An exception that nobody handles is answered as Undertow does, with 500, after what was changed was saved; a
 * {@link SessionException} with what it says.
 *
 * <p>No IO thread ever waits for a store: a handler that runs on one may answer, and where there is a session to save, a
 * worker saves it and sends the answer. Where an option has every request's session loaded, handlers run on workers.
 * Thread-safe.
 */
public final class SojournHandler implements HttpHandler {
    private final Sessions sessions;
    private final HttpHandler next;

    /**
     * A handler in front of another one.
     *
     * @param sessions the application's sessions
     * @param next handles the exchange, with a session
     */
    public SojournHandler(Sessions sessions, HttpHandler next) {
        this.sessions = Objects.requireNonNull(sessions, "sessions");
        this.next = Objects.requireNonNull(next, "next");
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        RequestSession outer = exchange.getAttachment(RequestSession.KEY);
        if (outer == null || !outer.isOf(sessions)) {
            RequestSession own = new RequestSession(exchange, sessions);
            if (own.mustGoToWorker()) {
                exchange.dispatch(this);
                return;
            }
            own.mount();
        }
        try {
            next.handleRequest(exchange);
        } catch (Exception e) {
            if (exchange.isDispatched() || ErrorResponse.toldBy(e) == null) {
                throw e;
            }
            // Many clients can cause one of these, and Undertow would log each with its whole stack.
            exchange.putAttachment(DefaultResponseListener.EXCEPTION, e);
            exchange.endExchange();
        }
    }

    static System.Logger logger() {
        return System.getLogger("dev.sojourn.undertow");
    }
}
