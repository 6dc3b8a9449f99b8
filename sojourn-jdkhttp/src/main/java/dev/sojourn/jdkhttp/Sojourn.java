package dev.sojourn.jdkhttp;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.Session;

/** Returns the session of an exchange. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * Returns the session of this exchange. Does no I/O: the session is loaded when it is first used.
     *
     * @param exchange the exchange that the handler was given, or another filter's wrapper of it
     * @return the session, the same instance for the whole exchange
     * @throws IllegalStateException if no {@link SojournFilter} is among the context's filters
     */
    public static Session session(HttpExchange exchange) {
        if (exchange instanceof SessionExchange own) {
            return own.requestSession().session();
        }
        // Another filter has wrapped the exchange. Its wrapper forwards getAttribute to the SessionExchange.
        if (exchange.getAttribute(SessionExchange.SESSION_ATTRIBUTE) instanceof Session session) {
            return session;
        }
        throw new IllegalStateException("there is no SojournFilter on this context: add it with"
                + " server.createContext(path, handler).getFilters().add(new SojournFilter(sessions))");
    }
}
