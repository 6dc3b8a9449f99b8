package dev.sojourn.javalin;

import dev.sojourn.EditableSession;
import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import io.javalin.http.Context;

/** Returns the session of a request: one kept in a store, a sealed one, or what can be read of any. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * Returns the session of this request, which is kept in a store, as {@code ctx.with(SojournPlugin.class)} does.
     * Does no I/O: the session is loaded when it is first used.
     *
     * @param context the request's context
     * @return the session, the same instance for the whole request
     * @throws IllegalStateException if no {@link SojournPlugin} is registered, or if it has no sessions in a store; the
     *     message says what it has
     */
    public static Session session(Context context) {
        return dev.sojourn.servlet.Sojourn.session(context.req());
    }

    /**
     * Returns the sealed session of this request, which is kept in the client's cookie. Does no I/O: the cookie is
     * opened when the session is first used.
     *
     * @param context the request's context
     * @return the session, the same instance for the whole request
     * @throws IllegalStateException if no {@link SojournPlugin} is registered, or if it has no sealed sessions; the
     *     message says what it has
     */
    public static SealedSession sealed(Context context) {
        return dev.sojourn.servlet.Sojourn.sealed(context.req());
    }

    /**
     * Returns what can be read of this request's session: the verified access token where tokens are mounted, otherwise
     * the session itself. Does no I/O: the token is verified, or the session loaded, when the view is first used.
     *
     * @param context the request's context
     * @return the view, the same instance for the whole request
     * @throws IllegalStateException if no {@link SojournPlugin} is registered
     */
    public static SessionView view(Context context) {
        return dev.sojourn.servlet.Sojourn.view(context.req());
    }

    /**
     * Sends the response of one of Sojourn's endpoints, such as {@link dev.sojourn.SessionStatus#read}.
     *
     * @param context the request's context
     * @param response the response
     */
    public static void send(Context context, EndpointResponse response) {
        context.status(response.status());
        response.headers().forEach(context::header);
        context.result(response.body());
    }

    /**
     * Refuses the request unless its form has a CSRF token of the session that the client came with, in one field {@code
     * _csrf}: {@code <input type="hidden" name="_csrf" value="...">}, with the value of {@link EditableSession#csrfToken}.
     * Reads the body; a token in the URL does not count. Call it before the session is used.
     *
     * @param context the request's context
     * @throws dev.sojourn.CrossSiteRequestException if the form has no such token
     * @throws IllegalStateException if no {@link SojournPlugin} is registered
     */
    public static void requireCsrfToken(Context context) {
        EditableSession session = view(context) instanceof EditableSession editable ? editable : session(context);
        session.requireCsrfToken(context.formParams("_csrf"));
    }
}
