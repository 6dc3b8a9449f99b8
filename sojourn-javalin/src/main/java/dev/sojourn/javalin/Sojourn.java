package dev.sojourn.javalin;

import dev.sojourn.Session;
import io.javalin.http.Context;

/** Returns the session of a request. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * Returns the session of this request, as {@code ctx.with(SojournPlugin.class)} does. Does no I/O: the session is loaded
     * when it is first used.
     *
     * @param context the request's context
     * @return the session, the same instance for the whole request
     * @throws IllegalStateException if no {@link SojournPlugin} is registered
     */
    public static Session session(Context context) {
        return dev.sojourn.servlet.Sojourn.session(context.req());
    }
}
