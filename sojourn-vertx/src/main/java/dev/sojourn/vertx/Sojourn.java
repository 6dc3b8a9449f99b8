package dev.sojourn.vertx;

import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Returns the session of a request: one kept in a store, a sealed one, or what can be read of any. */
public final class Sojourn {
    private Sojourn() {}

    /**
     * Returns the session of this request, which is kept in a store.
     *
     * <p>On an event loop, a worker loads it first. Then {@code get}, {@code set}, {@code remove}, {@code login},
     * {@code changeId}, {@code regenerate} and {@code destroy} work in memory, and a worker saves the changes before the
     * response is sent. {@code update}, {@code save}, {@code reload} and {@code exclusive} access the store immediately: on an
     * event loop they throw an {@link IllegalStateException}. The request's body is paused while the session loads, so that
     * body handlers can still be set when the future completes.
     *
     * <p>On a worker, and on a virtual thread of a verticle, the future is already complete, the session is loaded when it is
     * first used, and every call is allowed.
     *
     * @param ctx the handler's context
     * @return the session, the same instance for the whole request; fails with a
     *     {@link dev.sojourn.SessionUnavailableException} if the store is unavailable, which {@code ctx.fail} turns into a 503,
     *     and with a {@link dev.sojourn.TokenRefusedException} if an access token does not count (401); {@link
     *     #onWorker(RoutingContext, Function)} is for a login and a refresh
     * @throws IllegalStateException if the router is not served through a {@link SojournHandler}, or if that has no sessions
     *     in a store; the message says what it has
     */
    public static Future<Session> session(RoutingContext ctx) {
        return response(ctx).session();
    }

    /**
     * Returns the session of this request, which is kept in a store, for handlers without a router.
     *
     * @param request the request that the handler was given
     * @return the session, as {@link #session(RoutingContext)} returns it
     * @throws IllegalStateException if the handler is not served through a {@link SojournHandler}, or if that has no sessions
     *     in a store; the message says what it has
     */
    public static Future<Session> session(HttpServerRequest request) {
        return response(request.response()).session();
    }

    /**
     * Calls a function with the session of this request, which is kept in a store, on a thread where every call is allowed:
     * {@code update} and {@code exclusive}, for example, and what {@link dev.sojourn.TokenSessions} does. A login endpoint on an
     * event loop uses this:
     * <pre>{@code
     * Sojourn.onWorker(ctx, session -> {
     *             session.login(user);
     *             return tokens.issue(session).toJson();
     *         })
     *         .onSuccess(ctx::end)
     *         .onFailure(ctx::fail);
     * }</pre>
     *
     * <p>The session is loaded when the function first uses it. So a {@code login} that is its first use begins a new session if
     * the client's access token does not count, and a refresh of tokens ignores it; the future of {@link
     * #session(RoutingContext)} fails with 401 in both cases, because it loads the session first.
     *
     * <p>On an event loop, the function runs on a worker, the request's body is paused in the meantime, and nothing else may use
     * the session until the future completes. On a worker, and on a virtual thread of a verticle, it runs within this call.
     *
     * @param <T> what the function returns; may be nullable
     * @param ctx the handler's context
     * @param work uses the session; may block. It does not respond: that is done when the future completes
     * @return what the function returned; fails with what it threw. A {@link dev.sojourn.SessionException} gets its status from
     *     {@code ctx.fail}
     * @throws IllegalStateException if the router is not served through a {@link SojournHandler}, or if that has no sessions
     *     in a store; the message says what it has
     */
    public static <T extends @Nullable Object> Future<T> onWorker(RoutingContext ctx, Function<Session, T> work) {
        return response(ctx).onWorker(work);
    }

    /**
     * Calls a function with the session of this request, for handlers without a router.
     *
     * @param <T> what the function returns; may be nullable
     * @param request the request that the handler was given
     * @param work uses the session; may block
     * @return what the function returned, as {@link #onWorker(RoutingContext, Function)} does
     * @throws IllegalStateException if the handler is not served through a {@link SojournHandler}, or if that has no sessions
     *     in a store; the message says what it has
     */
    public static <T extends @Nullable Object> Future<T> onWorker(
            HttpServerRequest request, Function<Session, T> work) {
        return response(request.response()).onWorker(work);
    }

    /**
     * Returns the sealed session of this request, which is kept in the client's cookie.
     *
     * <p>On an event loop, the cookie is opened immediately and the future is already complete, and all calls work in memory. If
     * the application has revocations, a worker checks the cookie first, and the request's body is paused in the meantime; then
     * {@code login} throws an {@link IllegalStateException}, because it reads the list of revocations: call it on a worker. The
     * cookie is sealed before the response is sent; a worker does that only if a store must learn of the end of the session.
     *
     * <p>On a worker, and on a virtual thread of a verticle, the future is already complete, and the cookie is opened when the
     * session is first used.
     *
     * @param ctx the handler's context
     * @return the session, the same instance for the whole request; fails with a
     *     {@link dev.sojourn.SessionUnavailableException} if the list of revoked sessions is unavailable, which {@code ctx.fail}
     *     turns into a 503
     * @throws IllegalStateException if the router is not served through a {@link SojournHandler}, or if that has no sealed
     *     sessions; the message says what it has
     */
    public static Future<SealedSession> sealed(RoutingContext ctx) {
        return response(ctx).sealed();
    }

    /**
     * Returns the sealed session of this request, for handlers without a router.
     *
     * @param request the request that the handler was given
     * @return the session, as {@link #sealed(RoutingContext)} returns it
     * @throws IllegalStateException if the handler is not served through a {@link SojournHandler}, or if that has no sealed
     *     sessions; the message says what it has
     */
    public static Future<SealedSession> sealed(HttpServerRequest request) {
        return response(request.response()).sealed();
    }

    /**
     * Returns what can be read of this request's session: the verified access token where tokens are mounted, otherwise the
     * session itself.
     *
     * <p>On an event loop, the token is verified immediately and the future is already complete, if neither keys of another
     * issuer nor a list of revocations are needed. Otherwise a worker verifies it, and the request's body is paused in the
     * meantime. A session in a store is loaded as by {@link #session(RoutingContext)}.
     *
     * <p>On a worker, and on a virtual thread of a verticle, the future is already complete, and the token is verified when the
     * view is first used.
     *
     * @param ctx the handler's context
     * @return the view, the same instance for the whole request; fails with a {@link dev.sojourn.TokenRefusedException} if the
     *     token does not count, or with a {@link dev.sojourn.SessionUnavailableException} if it cannot be verified, which
     *     {@code ctx.fail} turns into a 401 and a 503
     * @throws IllegalStateException if the router is not served through a {@link SojournHandler}
     */
    public static Future<SessionView> view(RoutingContext ctx) {
        return response(ctx).view();
    }

    /**
     * Returns what can be read of this request's session, for handlers without a router.
     *
     * @param request the request that the handler was given
     * @return the view, as {@link #view(RoutingContext)} returns it
     * @throws IllegalStateException if the handler is not served through a {@link SojournHandler}
     */
    public static Future<SessionView> view(HttpServerRequest request) {
        return response(request.response()).view();
    }

    /**
     * Sends the response of one of Sojourn's endpoints, such as {@link dev.sojourn.SessionStatus#read}.
     *
     * @param ctx the handler's context
     * @param response the response
     * @return completes once the response is sent
     */
    public static Future<Void> send(RoutingContext ctx, EndpointResponse response) {
        return send(ctx.response(), response);
    }

    /**
     * Sends the response of one of Sojourn's endpoints, for handlers without a router.
     *
     * @param request the request that the handler was given
     * @param response the response
     * @return completes once the response is sent
     */
    public static Future<Void> send(HttpServerRequest request, EndpointResponse response) {
        return send(request.response(), response);
    }

    private static Future<Void> send(HttpServerResponse target, EndpointResponse response) {
        target.setStatusCode(response.status());
        response.headers().forEach(target::putHeader);
        return response.body().length == 0 ? target.end() : target.end(Buffer.buffer(response.body()));
    }

    /**
     * Refuses the request unless its form has a CSRF token of the session that the client came with, in one field {@code
     * _csrf}: {@code <input type="hidden" name="_csrf" value="...">}, with the value of
     * {@link dev.sojourn.EditableSession#csrfToken}. Needs a {@code BodyHandler} in front of the handler; a token in the URL
     * does not count. Does no I/O, on any thread. Call it before {@link #session(RoutingContext)} or {@link
     * #sealed(RoutingContext)}.
     *
     * @param ctx the handler's context
     * @throws dev.sojourn.CrossSiteRequestException if the form has no such token
     * @throws IllegalStateException if the router is not served through a {@link SojournHandler}
     */
    public static void requireCsrfToken(RoutingContext ctx) {
        response(ctx).requireCsrfToken(ctx.request().formAttributes().getAll("_csrf"));
    }

    private static SessionResponse response(RoutingContext ctx) {
        SessionResponse response = response(ctx.response());
        response.routingContext(ctx);
        return response;
    }

    private static SessionResponse response(HttpServerResponse response) {
        SessionResponse sessionResponse = SessionResponse.behind(response);
        if (sessionResponse == null) {
            throw new IllegalStateException("this request did not come through a SojournHandler: serve the router with"
                    + " server.requestHandler(SojournHandler.create(sessions, router))");
        }
        return sessionResponse;
    }
}
