package dev.sojourn.servlet;

import dev.sojourn.Session;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpSession;

/** Returns the session of a request. */
public final class Sojourn {
    private static final String SPRING = " With Spring Boot the starter adds it for every path: if a bean named"
            + " sojournFilterRegistration maps it to fewer, add this path with addUrlPatterns";

    private Sojourn() {}

    /**
     * Returns the session of this request. Does no I/O: the session is loaded when it is first used.
     *
     * @param request the request that the servlet was given, or any wrapper of it
     * @return the session, the same instance for the whole request, its forwards, includes and asynchronous dispatches
     * @throws IllegalStateException if no {@link SojournFilter} is in front of this servlet
     */
    public static Session session(ServletRequest request) {
        if (request.getAttribute(SessionRequest.SESSION_ATTRIBUTE) instanceof Session session) {
            return session;
        }
        throw new IllegalStateException("there is no SojournFilter in front of this servlet: add it with"
                + " context.addFilter(\"sojourn\", new SojournFilter(sessions)).addMappingForUrlPatterns("
                + "EnumSet.allOf(DispatcherType.class), false, \"/*\")." + SPRING);
    }

    /**
     * Returns the session behind a drop-in {@code HttpSession}, for code that has no request: a WebSocket handshake, a
     * listener.
     *
     * @param session the result of {@code request.getSession()} in a request that passed a {@link SojournFilter}
     * @return the session
     * @throws IllegalStateException if it is a session of the container
     */
    public static Session session(HttpSession session) {
        if (session instanceof DropInSession own) {
            return own.signedInSession();
        }
        throw new IllegalStateException("this is a session of the container: no SojournFilter was in front of the"
                + " request that it came from." + SPRING);
    }
}
