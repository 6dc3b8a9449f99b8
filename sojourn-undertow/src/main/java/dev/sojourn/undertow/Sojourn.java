package dev.sojourn.undertow;

import dev.sojourn.Session;
import io.undertow.server.HttpServerExchange;

/** Where a handler gets its session. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * The session of this exchange. Does no I/O: it is loaded when it is first used, and that has to be on a thread that may
     * wait. What may ask the store throws an {@link IllegalStateException} on an IO thread.
     *
     * @param exchange the exchange that the handler was given
     * @return the session, the same instance for the whole exchange
     * @throws IllegalStateException if no {@link SojournHandler} is in front of the handler
     */
    public static Session session(HttpServerExchange exchange) {
        RequestSession own = exchange.getAttachment(RequestSession.KEY);
        if (own == null) {
            throw new IllegalStateException("there is no SojournHandler in front of this handler: mount it with"
                    + " new BlockingHandler(new SojournHandler(sessions, handler))");
        }
        return own.session();
    }
}
