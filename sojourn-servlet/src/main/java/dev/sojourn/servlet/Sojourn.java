package dev.sojourn.servlet;

import dev.sojourn.Session;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpSession;

/** Where a handler gets its session. */
public final class Sojourn {
    private static final String SPRING = " With Spring Boot the starter mounts it for every path: if a bean named"
            + " sojournFilterRegistration maps it to fewer, add this one with addUrlPatterns";

    private Sojourn() {}

    /**
     * The session of this request. Does no I/O: it is loaded when it is first used.
     *
     * @param request the request that the servlet was given, or any wrapper of it
     * @return the session, the same instance for the whole request, its forwards, includes and asynchronous dispatches
     * @throws IllegalStateException if no {@link SojournFilter} is in front of this servlet
     */
    public static Session session(ServletRequest request) {
        if (request.getAttribute(SessionRequest.SESSION) instanceof Session session) {
            return session;
        }
        throw new IllegalStateException("there is no SojournFilter in front of this servlet: add it with"
                + " context.addFilter(\"sojourn\", new SojournFilter(sessions)).addMappingForUrlPatterns("
                + "EnumSet.allOf(DispatcherType.class), false, \"/*\")." + SPRING);
    }

    /**
     * The session behind a drop-in one, for code that is handed nothing else: a WebSocket's handshake, a listener.
     *
     * @param session what {@code request.getSession()} gave in a request that went through a {@link SojournFilter}
     * @return the session
     * @throws IllegalStateException if the container made it
     */
    public static Session session(HttpSession session) {
        if (session instanceof DropInSession own) {
            return own.sessionOfItsUser();
        }
        throw new IllegalStateException("this session is the container's own: no SojournFilter was in front of the"
                + " request that it came from." + SPRING);
    }
}
