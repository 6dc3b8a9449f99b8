package dev.sojourn.spring;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.Sessions;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;

/** A filter that ends the sessions over {@code maximumSessions} after a login, once its session is stored. */
final class SessionLimitFilter implements Filter {
    private final Sessions sessions;

    SessionLimitFilter(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        if (request.getAttribute(SessionLimitMarker.LIMIT) instanceof SessionLimit limit) {
            request.removeAttribute(SessionLimitMarker.LIMIT);
            endSurplus(limit);
        }
    }

    /** Ends the surplus. The response is already sent. If the store fails, the user's next login counts again. */
    private void endSurplus(SessionLimit limit) {
        try {
            limit.endSurplus(sessions.of(limit.user()));
        } catch (SessionUnavailableException e) {
            System.getLogger("dev.sojourn.spring")
                    .log(
                            Level.WARNING,
                            "sessions over maximumSessions may remain, because the store failed: " + e.getMessage());
        }
    }
}
