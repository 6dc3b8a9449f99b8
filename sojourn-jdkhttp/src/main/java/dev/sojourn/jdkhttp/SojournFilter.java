package dev.sojourn.jdkhttp;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import java.io.IOException;
import java.util.Objects;

/**
 * The one line that gives a context sessions:
 * {@code server.createContext("/", handler).getFilters().add(new SojournFilter(sessions))}.
 *
 * <p>A session is saved before the head of the response leaves. If that fails, the response that the handler chose is
 * replaced. An exception that the handler lets pass becomes a 500, or what a {@link SessionException} says, instead of a
 * connection that breaks without an answer.
 *
 * <p>Added twice for the same sessions, also by another object, the second does nothing. With other sessions, both serve:
 * the handler has that of the filter nearest to it.
 *
 * <p>The handler may answer from another thread after {@code handle} has returned: everything ends when the exchange
 * does. Thread-safe.
 */
public final class SojournFilter extends Filter {
    private final Sessions sessions;

    /**
     * A filter over these sessions.
     *
     * @param sessions the application's sessions
     */
    public SojournFilter(Sessions sessions) {
        this.sessions = Objects.requireNonNull(sessions, "sessions");
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        if (SessionExchange.isServed(exchange, sessions)) {
            chain.doFilter(exchange);
            return;
        }
        SessionExchange own = new SessionExchange(exchange, sessions);
        try {
            chain.doFilter(own);
        } catch (RuntimeException | IOException | Error e) {
            own.fail(e);
        } finally {
            own.returned();
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
