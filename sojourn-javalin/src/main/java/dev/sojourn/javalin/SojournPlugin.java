package dev.sojourn.javalin;

import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import dev.sojourn.servlet.SojournFilter;
import dev.sojourn.spi.ErrorResponse;
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
 * The one line that gives a Javalin application sessions: {@code config.registerPlugin(new SojournPlugin(sessions))}. Handlers
 * get theirs by {@code ctx.with(SojournPlugin.class)}, the same instance for the whole request, loaded when it is first used.
 *
 * <p>A session is saved before the first byte of the response leaves, whatever sends it: {@code ctx.result}, a redirect, a
 * stream, server-sent events, {@code ctx.res()}. If that fails, the response that the handler chose is replaced. A
 * {@link SessionException} that a handler lets pass is answered with what it says, and half an answer whose handler failed
 * is broken off; exception handlers that the application registers afterwards for that class or for {@code Exception} take
 * this over. {@code ctx.sessionAttribute} and {@code ctx.req().getSession()}
 * work over the same session.
 */
public final class SojournPlugin extends ContextPlugin<Void, Session> {
    private static final System.Logger LOG = System.getLogger("dev.sojourn.javalin");

    private final SojournFilter filter;

    /**
     * A plugin over these sessions.
     *
     * @param sessions the application's sessions
     */
    public SojournPlugin(Sessions sessions) {
        this(new SojournFilter(sessions));
    }

    /**
     * A plugin over a filter with options: types and listeners of the drop-in {@code HttpSession}.
     *
     * @param filter the filter
     */
    public SojournPlugin(SojournFilter filter) {
        this.filter = Objects.requireNonNull(filter, "filter");
    }

    @Override
    public void onInitialize(JavalinState state) {
        state.routes.exception(SessionException.class, SojournPlugin::answer);
        state.routes.exception(Exception.class, SojournPlugin::fail);
        state.jetty.modifyServletContextHandler(handler -> {
            FilterHolder holder = new FilterHolder(filter);
            holder.setAsyncSupported(true);
            handler.addFilter(holder, "/*", EnumSet.allOf(DispatcherType.class));
        });
    }

    private static void answer(SessionException problem, Context context) {
        ErrorResponse answer = ErrorResponse.of(problem, LOG);
        context.status(answer.status());
        answer.headers().forEach(context::header);
        context.result(answer.body());
    }

    /** What Javalin does, but for one thing: half an answer is broken off, so that it does not look like a whole one. */
    private static void fail(Exception problem, Context context) {
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

    /** Says nothing of what is inside. */
    @Override
    public @Nullable String toString() {
        return "SojournPlugin";
    }
}
