package dev.sojourn.jdkhttp;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import java.io.IOException;

/** Returns the session of an exchange: one kept in a store, a sealed one, or what can be read of any. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * Returns the session of this exchange, which is kept in a store. Does no I/O: the session is loaded when it is first
     * used.
     *
     * @param exchange the exchange that the handler was given, or another filter's wrapper of it
     * @return the session, the same instance for the whole exchange
     * @throws IllegalStateException if no {@link SojournFilter} is among the context's filters, or if it has no sessions in a
     *     store; the message says what it has
     */
    public static Session session(HttpExchange exchange) {
        return requestSession(exchange).session();
    }

    /**
     * Returns the sealed session of this exchange, which is kept in the client's cookie. Does no I/O: the cookie is opened when
     * the session is first used.
     *
     * @param exchange the exchange that the handler was given, or another filter's wrapper of it
     * @return the session, the same instance for the whole exchange
     * @throws IllegalStateException if no {@link SojournFilter} is among the context's filters, or if it has no sealed
     *     sessions; the message says what it has
     */
    public static SealedSession sealed(HttpExchange exchange) {
        return requestSession(exchange).sealed();
    }

    /**
     * Returns what can be read of this exchange's session: the verified access token where tokens are mounted, otherwise the
     * session itself. Does no I/O: the token is verified, or the session loaded, when the view is first used.
     *
     * @param exchange the exchange that the handler was given, or another filter's wrapper of it
     * @return the view, the same instance for the whole exchange
     * @throws IllegalStateException if no {@link SojournFilter} is among the context's filters
     */
    public static SessionView view(HttpExchange exchange) {
        return requestSession(exchange).view();
    }

    /**
     * Sends the response of one of Sojourn's endpoints, such as {@link dev.sojourn.SessionStatus#read}, and closes the exchange.
     *
     * @param exchange the exchange that the handler was given
     * @param response the response
     * @throws IOException if the client closed the connection
     */
    public static void send(HttpExchange exchange, EndpointResponse response) throws IOException {
        response.headers().forEach(exchange.getResponseHeaders()::set);
        boolean noBody =
                response.body().length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(response.status(), noBody ? -1 : response.body().length);
        if (!noBody) {
            exchange.getResponseBody().write(response.body());
        }
        exchange.close();
    }

    private static RequestSession requestSession(HttpExchange exchange) {
        RequestSession found = SessionExchange.requestSession(exchange);
        if (found == null) {
            throw new IllegalStateException("there is no SojournFilter on this context: add it with"
                    + " server.createContext(path, handler).getFilters().add(new SojournFilter(sessions))");
        }
        return found;
    }
}
