package dev.sojourn.undertow;

import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;

/** Returns the session of an exchange: one kept in a store, a sealed one, or what can be read of any. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * Returns the session of this exchange, which is kept in a store. Does no I/O: the session is loaded when it is
     * first used, which must happen on a thread that may block. On an IO thread, calls that may access the store throw
     * an {@link IllegalStateException}.
     *
     * @param exchange the exchange that the handler was given
     * @return the session, the same instance for the whole exchange
     * @throws IllegalStateException if no {@link SojournHandler} is in front of the handler, or if it has no sessions
     *     in a store; the message says what it has
     */
    public static Session session(HttpServerExchange exchange) {
        return requestSession(exchange).session();
    }

    /**
     * Returns the sealed session of this exchange, which is kept in the client's cookie. Does no I/O: the cookie is
     * opened when the session is first used. With revocations, this must happen on a thread that may block: on an IO
     * thread the call throws an {@link IllegalStateException}.
     *
     * @param exchange the exchange that the handler was given
     * @return the session, the same instance for the whole exchange
     * @throws IllegalStateException if no {@link SojournHandler} is in front of the handler, or if it has no sealed
     *     sessions; the message says what it has
     */
    public static SealedSession sealed(HttpServerExchange exchange) {
        return requestSession(exchange).sealed();
    }

    /**
     * Returns what can be read of this exchange's session: the verified access token where tokens are mounted,
     * otherwise the session itself. Does no I/O: the token is verified, or the session loaded, when the view is first
     * used. If that needs a store or keys of another issuer, it must happen on a thread that may block: on an IO thread
     * the call throws an {@link IllegalStateException}.
     *
     * @param exchange the exchange that the handler was given
     * @return the view, the same instance for the whole exchange
     * @throws IllegalStateException if no {@link SojournHandler} is in front of the handler
     */
    public static SessionView view(HttpServerExchange exchange) {
        return requestSession(exchange).view();
    }

    /**
     * Sends the response of one of Sojourn's endpoints, such as {@link dev.sojourn.SessionStatus#read}, and ends the exchange.
     *
     * @param exchange the exchange that the handler was given
     * @param response the response
     */
    public static void send(HttpServerExchange exchange, EndpointResponse response) {
        exchange.setStatusCode(response.status());
        response.headers()
                .forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        if (response.body().length == 0) {
            exchange.endExchange();
        } else {
            exchange.getResponseSender().send(ByteBuffer.wrap(response.body()));
        }
    }

    private static RequestSession requestSession(HttpServerExchange exchange) {
        RequestSession found = exchange.getAttachment(RequestSession.KEY);
        if (found == null) {
            throw new IllegalStateException("there is no SojournHandler in front of this handler: mount it with"
                    + " new BlockingHandler(new SojournHandler(sessions, handler))");
        }
        return found;
    }
}
