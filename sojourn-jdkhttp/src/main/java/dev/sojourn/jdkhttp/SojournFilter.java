package dev.sojourn.jdkhttp;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.SessionException;
import dev.sojourn.spi.SessionSource;
import java.io.IOException;
import java.util.Objects;

/**
 * A filter that adds sessions to a context: {@code server.createContext("/", handler).getFilters().add(new
 * SojournFilter(sessions))}.
 *
 * <p>The session is saved before the head of the response is sent. If that fails, an error response replaces the handler's. If
 * the handler throws, the client gets a 500, or the status of a {@link SessionException}, instead of a broken connection.
 *
 * <p>A second filter over the same sessions does nothing. With filters over different sessions, the handler gets the session of
 * the filter nearest to it.
 *
 * <p>The handler may respond from another thread after {@code handle} has returned: the session ends with the exchange.
 * Thread-safe.
 */
public final class SojournFilter extends Filter {
    private final SessionSource sessions;

    /**
     * Creates a filter over these sessions.
     *
     * @param sessions the application's sessions: {@link dev.sojourn.Sessions}, sealed sessions or the views of tokens
     */
    public SojournFilter(SessionSource sessions) {
        this.sessions = Objects.requireNonNull(sessions, "sessions");
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        if (SessionExchange.isServed(exchange, sessions)) {
            chain.doFilter(exchange);
            return;
        }
        RequestSession requestSession = new RequestSession(exchange, sessions);
        try {
            requestSession.admit();
            chain.doFilter(new SessionExchange(exchange, sessions, requestSession));
        } catch (RuntimeException | IOException | Error e) {
            requestSession.handleFailure(e);
        } finally {
            requestSession.completeHandler();
        }
    }

    static System.Logger logger() {
        return System.getLogger("dev.sojourn.jdkhttp");
    }

    @Override
    public String description() {
        return "Sojourn sessions";
    }
}
