package dev.sojourn.javalin;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.servlet.SojournFilter;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionSource;
import io.javalin.config.JavalinState;
import io.javalin.http.Context;
import io.javalin.plugin.ContextPlugin;
import jakarta.servlet.DispatcherType;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.Objects;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.jspecify.annotations.Nullable;

/**
 * A plugin that adds sessions to a Javalin application: {@code config.registerPlugin(new SojournPlugin(sessions))}. Handlers
 * get theirs with {@code ctx.with(SojournPlugin.class)}: the same instance for the whole request, loaded when it is first used.
 * Sealed sessions and the views of tokens come from {@link Sojourn#sealed} and {@link Sojourn#view}.
 *
 * <p>The session is saved before the first byte of the response is sent, however it is sent: {@code ctx.result}, a redirect, a
 * stream, server-sent events, {@code ctx.res()}. If that fails, an error response replaces the handler's. A
 * {@link SessionException} that a handler throws gets the status of the exception. If a handler fails after the head was sent,
 * the connection is closed. Exception handlers that the application registers afterwards, for that class or for
 * {@code Exception}, replace these two.
 *
 * <p>{@code ctx.sessionAttribute} and {@code ctx.req().getSession()} work on the same session if that is kept in a store; see
 * {@link SojournFilter}.
 */
public final class SojournPlugin extends ContextPlugin<Void, Session> {
    private static final System.Logger LOG = System.getLogger("dev.sojourn.javalin");

    private final SojournFilter filter;

    /**
     * Creates a plugin over these sessions.
     *
     * @param sessions the application's sessions: {@link dev.sojourn.Sessions}, sealed sessions or the views of tokens
     */
    public SojournPlugin(SessionSource sessions) {
        this(new SojournFilter(sessions));
    }

    /**
     * Creates a plugin over a filter with options, such as types and listeners of the drop-in {@code HttpSession}.
     *
     * @param filter the filter
     */
    public SojournPlugin(SojournFilter filter) {
        this.filter = Objects.requireNonNull(filter, "filter");
    }

    @Override
    public void onInitialize(JavalinState state) {
        state.routes.exception(SessionException.class, SojournPlugin::sendError);
        state.routes.exception(Exception.class, SojournPlugin::handleFailure);
        state.jetty.modifyServletContextHandler(handler -> {
            FilterHolder holder = new FilterHolder(filter);
            holder.setAsyncSupported(true);
            handler.addFilter(holder, "/*", EnumSet.allOf(DispatcherType.class));
        });
    }

    /** Replaces the handler's response. Javalin would send its headers, and its body if that has begun. */
    private static void sendError(SessionException problem, Context context) {
        if (context.res().isCommitted()) {
            handleFailure(problem, context);
            return;
        }
        ErrorResponse error = ErrorResponse.of(problem, LOG);
        context.res().reset();
        context.status(error.status());
        error.headers().forEach(context::header);
        context.result(error.body());
    }

    /** Does what Javalin does, but aborts a response that has started, so that it does not look complete to the client. */
    private static void handleFailure(Exception problem, Context context) {
        LOG.log(Level.ERROR, "a handler failed", problem);
        if (context.res().isCommitted()) {
            ServletContextRequest.getServletContextRequest(context.req())
                    .getServletChannel()
                    .abort(problem);
        } else {
            context.status(500).result("Server Error");
        }
    }

    @Override
    public Session createExtension(Context context) {
        return Sojourn.session(context);
    }

    /** Omits the sessions' configuration. */
    @Override
    public @Nullable String toString() {
        return "SojournPlugin";
    }
}
