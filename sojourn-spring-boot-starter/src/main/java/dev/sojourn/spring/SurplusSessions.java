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

/** Ends the sessions beyond {@code maximumSessions} after a sign-in whose session is stored. */
final class SurplusSessions implements Filter {
    private final Sessions sessions;

    SurplusSessions(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        if (request.getAttribute(LimitedSignIns.SIGN_IN) instanceof LimitedSignIn signIn) {
            request.removeAttribute(LimitedSignIns.SIGN_IN);
            endSurplus(signIn);
        }
    }

    /** The answer has left by now. Where the store fails, the next sign-in of the user counts again. */
    private void endSurplus(LimitedSignIn signIn) {
        try {
            signIn.endSurplus(sessions.of(signIn.user()));
        } catch (SessionUnavailableException e) {
            System.getLogger("dev.sojourn.spring")
                    .log(
                            Level.WARNING,
                            "sessions beyond maximumSessions may be left, since the store failed: " + e.getMessage());
        }
    }
}
