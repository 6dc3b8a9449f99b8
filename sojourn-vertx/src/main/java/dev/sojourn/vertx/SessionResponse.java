package dev.sojourn.vertx;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.ErrorResponse;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The response that handlers see: a wrapper of Vert.x's response that saves the session before the head and again before the
 * end. All output goes through {@link ResponseOutput}; while it waits, the response reports that its write queue is full.
 *
 * <p>A dynamic proxy, because Vert.x extends the interface: 5.1 has more methods than 5.0 and another type for the stream's
 * number. {@link ResponseMethod} classifies its methods.
 */
final class SessionResponse implements InvocationHandler {
    static final String HEAD_SENT = "Response head already sent";

    private static final Object[] NO_ARGUMENTS = {};

    private final SessionRequest request;
    private final HttpServerResponse response;
    private final RequestSession session;
    private final ContextInternal context;
    private final HttpServerResponse proxy;
    private final ResponseOutput output;
    private final OutputGate gate;
    private volatile @Nullable Handler<Void> headersEndHandler;
    private volatile @Nullable Handler<Void> closeHandler;
    private volatile @Nullable RoutingContext routingContext;

    SessionResponse(SessionRequest request, HttpServerResponse response, RequestSession session) {
        this.request = request;
        this.response = response;
        this.session = session;
        this.context = request.context();
        this.output = new ResponseOutput(request, response, session);
        this.gate = output.gate();
        this.proxy = (HttpServerResponse) Proxy.newProxyInstance(
                SessionResponse.class.getClassLoader(), new Class<?>[] {HttpServerResponse.class}, this);
        response.closeHandler(this::handleClose);
    }

    HttpServerResponse proxy() {
        return proxy;
    }

    /** Returns the session response behind a handler's response; null if there is none. */
    static @Nullable SessionResponse behind(HttpServerResponse response) {
        return Proxy.isProxyClass(response.getClass())
                        && Proxy.getInvocationHandler(response) instanceof SessionResponse sessionResponse
                ? sessionResponse
                : null;
    }

    Future<Session> session() {
        return request.session();
    }

    <T> Future<T> onWorker(Function<Session, T> work) {
        return request.onWorker(work);
    }

    Future<SealedSession> sealed() {
        return request.sealed();
    }

    /** Throws unless this is one CSRF token of the client's session, which is not loaded. */
    void requireCsrfToken(List<String> tokens) {
        session.requireCsrfToken(tokens);
    }

    Future<SessionView> view() {
        return request.view();
    }

    /** Remembers the routing context of this request, which knows why a handler failed. */
    void routingContext(RoutingContext ctx) {
        routingContext = ctx;
    }

    // ---- calls

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given) throws Throwable {
        Object[] arguments = given == null ? NO_ARGUMENTS : given;
        if (method.getDeclaringClass() == Object.class) {
            return invokeObjectMethod(self, method.getName(), arguments);
        }
        ResponseMethod kind = ResponseMethod.of(method);
        if (kind.isOutput()) {
            return method.isDefault()
                    ? InvocationHandler.invokeDefault(self, method, arguments)
                    : send(new ResponseCall(kind, method, arguments, context.promise()));
        }
        return switch (kind) {
            case SET_STATUS_CODE, SET_STATUS_MESSAGE, CHANGE_HEAD -> changeHead(kind, method, arguments);
            case IS_ENDED -> isEnded();
            case IS_HEAD_WRITTEN -> isHeadWritten();
            case IS_WRITE_QUEUE_FULL -> isWriteQueueFull(method);
            case SET_HEADERS_END_HANDLER -> {
                headersEndHandler = handler(arguments);
                yield proxy;
            }
            case SET_CLOSE_HANDLER -> {
                closeHandler = handler(arguments);
                yield proxy;
            }
            case SET_DRAIN_HANDLER -> setDrainHandler(method, arguments);
            default -> delegate(method, arguments);
        };
    }

    private static Object invokeObjectMethod(Object self, String name, Object[] arguments) {
        return switch (name) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "response with a Sojourn session";
        };
    }

    /** Calls Vert.x's response; returns the proxy where that returns itself. */
    private @Nullable Object delegate(Method method, Object[] arguments) throws Throwable {
        try {
            Object result = method.invoke(response, arguments);
            return result == response ? proxy : result;
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    @SuppressWarnings("unchecked") // the interface declares this type
    private static @Nullable Handler<Void> handler(Object[] arguments) {
        return (Handler<Void>) arguments[0];
    }

    // ---- state

    private boolean isEnded() {
        return gate.isEnded() || response.ended();
    }

    private boolean isHeadWritten() {
        return gate.isStarted() || response.headWritten();
    }

    private @Nullable Object isWriteQueueFull(Method method) throws Throwable {
        if (gate.reportFull()) {
            return true;
        }
        return gate.isRefusing() ? false : delegate(method, NO_ARGUMENTS);
    }

    private @Nullable Object setDrainHandler(Method method, Object[] arguments) throws Throwable {
        output.drainHandler(handler(arguments));
        return gate.isRefusing() ? proxy : delegate(method, arguments);
    }

    // ---- the head

    private @Nullable Object changeHead(ResponseMethod kind, Method method, Object[] arguments) throws Throwable {
        if (gate.isRefusing()) {
            return method.getReturnType() == HttpServerResponse.class ? proxy : noCookieRemoved(method);
        }
        if (kind == ResponseMethod.SET_STATUS_MESSAGE) {
            output.useCustomStatusMessage();
        }
        if (!gate.isStarted()) {
            return delegate(method, arguments);
        }
        if (kind == ResponseMethod.SET_STATUS_CODE && hasFailedAfterHead()) {
            proxy.reset();
            return proxy;
        }
        throw new IllegalStateException(HEAD_SENT);
    }

    private static @Nullable Object noCookieRemoved(Method method) {
        return method.getReturnType() == Set.class ? Set.of() : null;
    }

    /** Vert.x 5.0 would try to send an error response even now, and leave the client waiting when it cannot. */
    private boolean hasFailedAfterHead() {
        RoutingContext ctx = routingContext;
        return ctx != null && ctx.failed() && !isEnded();
    }

    // ---- output

    private Future<?> send(ResponseCall call) {
        if (call.kind() == ResponseMethod.ABORT) {
            return output.abort(call);
        }
        endHeaders(call.kind());
        return output.send(call, unhandledFailure(call));
    }

    /** Lets the application change the head for the last time, before the save, which sets the session's headers last. */
    private void endHeaders(ResponseMethod kind) {
        if (!gate.endHeaders()) {
            return;
        }
        Handler<Void> handler = headersEndHandler;
        MultiMap headers = response.headers();
        if (kind == ResponseMethod.WRITE
                && request.version() == HttpVersion.HTTP_1_1
                && !headers.contains(HttpHeaders.CONTENT_LENGTH)
                && !headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
            // Vert.x 5.1 does the same; 5.0 would throw, but only once the session is saved.
            response.setChunked(true);
        }
        if (handler != null) {
            handler.handle(null);
        }
    }

    /** Returns a session's failure that no handler of the application reports: Vert.x would send a 500 for it. */
    private @Nullable Throwable unhandledFailure(ResponseCall call) {
        RoutingContext ctx = routingContext;
        if (ctx == null || ctx.failure() == null || response.getStatusCode() != 500) {
            return null;
        }
        Object[] arguments = call.arguments();
        boolean isVertxOwn = arguments.length == 1
                && response.getStatusMessage().equals(arguments[0])
                && ErrorResponse.findSessionException(ctx.failure()) != null;
        return isVertxOwn ? ctx.failure() : null;
    }

    /** Saves the changes of a handler that threw, then sends an error response, or aborts the one that it started. */
    void handleFailure(Throwable problem) {
        if (output.sendError(problem)) {
            return;
        }
        SojournHandler.logger().log(Level.ERROR, "a handler failed after it had started its response", problem);
        if (!isEnded()) {
            proxy.reset();
        }
    }

    /** Hands the connection over to another protocol once the session is saved. */
    <T> Future<T> upgrade(Supplier<Future<T>> handshake) {
        return output.upgrade(handshake);
    }

    /** Called when the connection, or this request's stream of it, is closed. */
    private void handleClose(@Nullable Void nothing) {
        session.close();
        Handler<Void> handler = closeHandler;
        if (handler != null) {
            handler.handle(null);
        }
    }
}
