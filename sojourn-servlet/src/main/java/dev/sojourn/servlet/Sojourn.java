package dev.sojourn.servlet;

import dev.sojourn.EditableSession;
import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Returns the session of a request: one kept in a store, a sealed one, or what can be read of any. */
public final class Sojourn {
    private static final String SPRING = " With Spring Boot the starter adds it for every path: if a bean named"
            + " sojournFilterRegistration maps it to fewer, add this path with addUrlPatterns";

    private static final String CSRF_FIELD = "_csrf";

    private Sojourn() {}

    /**
     * Returns the session of this request, which is kept in a store. Does no I/O: the session is loaded when it is first used.
     *
     * @param request the request that the servlet was given, or any wrapper of it
     * @return the session, the same instance for the whole request, its forwards, includes and asynchronous dispatches
     * @throws IllegalStateException if no {@link SojournFilter} is in front of this servlet, or if it has no sessions in a
     *     store; the message says what it has
     */
    public static Session session(ServletRequest request) {
        return require(request.getAttribute(SessionRequest.SESSION_ATTRIBUTE), Session.class);
    }

    /**
     * Returns the sealed session of this request, which is kept in the client's cookie. Does no I/O: the cookie is opened when
     * the session is first used.
     *
     * @param request the request that the servlet was given, or any wrapper of it
     * @return the session, the same instance for the whole request, its forwards, includes and asynchronous dispatches
     * @throws IllegalStateException if no {@link SojournFilter} is in front of this servlet, or if it has no sealed sessions;
     *     the message says what it has
     */
    public static SealedSession sealed(ServletRequest request) {
        return require(request.getAttribute(SessionRequest.SEALED_ATTRIBUTE), SealedSession.class);
    }

    /**
     * Returns what can be read of this request's session: the verified access token where tokens are mounted, otherwise the
     * session itself. Does no I/O: the token is verified, or the session loaded, when the view is first used.
     *
     * @param request the request that the servlet was given, or any wrapper of it
     * @return the view, the same instance for the whole request, its forwards, includes and asynchronous dispatches
     * @throws IllegalStateException if no {@link SojournFilter} is in front of this servlet
     */
    public static SessionView view(ServletRequest request) {
        return require(request.getAttribute(SessionRequest.VIEW_ATTRIBUTE), SessionView.class);
    }

    /**
     * Sends the response of one of Sojourn's endpoints, such as {@link dev.sojourn.SessionStatus#read}.
     *
     * @param response the response that the servlet was given
     * @param endpoint what is sent
     * @throws IOException if the client closed the connection
     * @throws IllegalStateException if the response's writer is in use
     */
    public static void send(HttpServletResponse response, EndpointResponse endpoint) throws IOException {
        response.setStatus(endpoint.status());
        endpoint.headers().forEach(response::setHeader);
        if (endpoint.body().length > 0) {
            response.setContentLength(endpoint.body().length);
            response.getOutputStream().write(endpoint.body());
        }
    }

    /**
     * Refuses the request unless its form has a CSRF token of the session that the client came with, in one field {@code
     * _csrf}: {@code <input type="hidden" name="_csrf" value="...">}, with the value of {@link EditableSession#csrfToken}.
     * Reads the form ({@code request.getParameter}); a token in the URL does not count. Call it before the session is used.
     *
     * @param request the request that the servlet was given, or any wrapper of it
     * @throws dev.sojourn.CrossSiteRequestException if the form has no such token
     * @throws IllegalStateException if no {@link SojournFilter} is in front of this servlet
     */
    public static void requireCsrfToken(HttpServletRequest request) {
        EditableSession session =
                view(request) instanceof EditableSession editable ? editable : session((ServletRequest) request);
        String @Nullable [] values = request.getParameterValues(CSRF_FIELD);
        boolean isInForm = values != null && !isInUrl(request.getQueryString());
        session.requireCsrfToken(isInForm ? List.of(values) : List.of());
    }

    /** Whether the URL has a parameter of this name, or may have: containers add it to the form's. */
    private static boolean isInUrl(@Nullable String query) {
        if (query == null) {
            return false;
        }
        try {
            return URLDecoder.decode(query, StandardCharsets.ISO_8859_1).contains(CSRF_FIELD);
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static <T> T require(@Nullable Object found, Class<T> type) {
        if (type.isInstance(found)) {
            return type.cast(found);
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
