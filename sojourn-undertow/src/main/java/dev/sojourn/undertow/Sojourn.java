package dev.sojourn.undertow;

import dev.sojourn.Session;
import io.undertow.server.HttpServerExchange;

/** Returns the session of an exchange. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * Returns the session of this exchange. Does no I/O: the session is loaded when it is first used, which must happen on a
     * thread that may block. On an IO thread, calls that may access the store throw an {@link IllegalStateException}.
     *
     * @param exchange the exchange that the handler was given
     * @return the session, the same instance for the whole exchange
     * @throws IllegalStateException if no {@link SojournHandler} is in front of the handler
     */
    public static Session session(HttpServerExchange exchange) {
        RequestSession requestSession = exchange.getAttachment(RequestSession.KEY);
        if (requestSession == null) {
            throw new IllegalStateException("there is no SojournHandler in front of this handler: mount it with"
                    + " new BlockingHandler(new SojournHandler(sessions, handler))");
        }
        return requestSession.session();
    }
}
