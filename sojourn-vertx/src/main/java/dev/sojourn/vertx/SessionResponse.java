package dev.sojourn.vertx;

import dev.sojourn.Session;
import dev.sojourn.spi.ErrorResponse;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.ext.web.RoutingContext;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The response that handlers see: Vert.x's, with the session saved before the head leaves, and once more before the end.
 *
 * <p>All output passes one gate. The first output closes it, saves the session and opens it again; what a handler writes
 * meanwhile waits in order, and the response says that its write queue is full. An output is whatever gives a future, but
 * for a few that leave the head alone.
 *
 * <p>A dynamic proxy, because the interface is Vert.x's to extend: 5.1 has more methods than 5.0 and another type for the
 * stream's number. What is not output goes to Vert.x's response as it came.
 *
 * <p>No call to Vert.x is made under the lock: Vert.x has one of its own, under which it calls handlers.
 */
final class SessionResponse implements InvocationHandler {
    private static final Object[] NO_ARGUMENTS = {};
    /** Give a future and leave the head alone. */
    private static final Set<String> BESIDE =
            Set.of("push", "writeContinue", "writeEarlyHints", "writeAltSvc", "writeCustomFrame");
    /** Break the answer off. */
    private static final Set<String> BREAKS = Set.of("reset", "cancel");
    /** Change the head. */
    private static final Set<String> HEAD = Set.of(
            "setStatusCode",
            "setStatusMessage",
            "setChunked",
            "putHeader",
            "addCookie",
            "removeCookie",
            "removeCookies");

    private static final String ENDED = "Response has already been written";
    private static final String HEAD_SENT = "Response head already sent";

    private final SessionRequest request;
    private final HttpServerResponse response;
    private final RequestSession session;
    private final ContextInternal context;
    private final HttpServerResponse proxy;

    private final Object lock = new Object();
    private final Deque<Output> waiting = new ArrayDeque<>();
    /** Whether the gate is closed. */
    private boolean busy;
    /** Whether the session was saved for the head. */
    private boolean saved;
    /** Whether the handler has begun, and ended, its answer, and broken it off. */
    private boolean begun;

    private boolean ended;
    private boolean broken;
    /** How many answers did not come about before this one. */
    private int failedAnswers;
    /** What is to be answered in the handler's place though the session can be saved. */
    private @Nullable Throwable failure;
    /** What was answered in the handler's place. */
    private @Nullable Throwable replacedFor;

    private boolean headersEnded;
    private boolean saidFull;
    private boolean ownMessage;
    private @Nullable Handler<Void> headersEndHandler;
    private @Nullable Handler<Void> drainHandler;
    private @Nullable Handler<Void> closeHandler;
    private volatile @Nullable RoutingContext routing;

    /** A call that waits behind the gate. */
    private static final class Output {
        final Method method;
        final Object[] arguments;
        final PromiseInternal<Object> promise;
        /** Whether a save was begun when this was already asked for. */
        boolean savedBefore;

        Output(Method method, Object[] arguments, PromiseInternal<Object> promise) {
            this.method = method;
            this.arguments = arguments;
            this.promise = promise;
        }

        boolean breaks() {
            return BREAKS.contains(method.getName());
        }

        boolean ends() {
            return method.getName().equals("end") || method.getName().equals("sendFile");
        }

        void fail(Throwable problem) {
            promise.tryFail(problem);
        }
    }

    SessionResponse(SessionRequest request, HttpServerResponse response, RequestSession session) {
        this.request = request;
        this.response = response;
        this.session = session;
        this.context = request.context();
        this.proxy = (HttpServerResponse) Proxy.newProxyInstance(
                SessionResponse.class.getClassLoader(), new Class<?>[] {HttpServerResponse.class}, this);
        response.closeHandler(this::closed);
    }

    HttpServerResponse proxy() {
        return proxy;
    }

    /** Ours behind what a handler has; null if it is another's. */
    static @Nullable SessionResponse behind(HttpServerResponse response) {
        return Proxy.isProxyClass(response.getClass())
                        && Proxy.getInvocationHandler(response) instanceof SessionResponse ours
                ? ours
                : null;
    }

    Future<Session> session() {
        return request.session();
    }

    /** Remembers who routes this request, and knows why a handler failed. */
    void routedBy(RoutingContext ctx) {
        routing = ctx;
    }

    // ---- calls

    @Override
    public @Nullable Object invoke(Object self, Method method, Object @Nullable [] given) throws Throwable {
        Object[] arguments = given == null ? NO_ARGUMENTS : given;
        String name = method.getName();
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(self, name, arguments);
        }
        if (Future.class.isAssignableFrom(method.getReturnType()) && !BESIDE.contains(name)) {
            return method.isDefault()
                    ? InvocationHandler.invokeDefault(self, method, arguments)
                    : output(method, arguments);
        }
        if (HEAD.contains(name)) {
            return ofHead(method, arguments);
        }
        return switch (name) {
            case "ended" -> isEnded();
            case "headWritten" -> isBegun();
            case "writeQueueFull" -> isFull(method);
            case "headersEndHandler" -> keep(() -> headersEndHandler = handler(arguments));
            case "closeHandler" -> keep(() -> closeHandler = handler(arguments));
            case "drainHandler" -> onDrain(method, arguments);
            default -> call(method, arguments);
        };
    }

    private static Object ofObject(Object self, String name, Object[] arguments) {
        return switch (name) {
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "response with a Sojourn session";
        };
    }

    /** Lets Vert.x's response do it; what returns itself returns the proxy. */
    private @Nullable Object call(Method method, Object[] arguments) throws Throwable {
        try {
            Object result = method.invoke(response, arguments);
            return result == response ? proxy : result;
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    @SuppressWarnings("unchecked") // the interface's own type
    private static @Nullable Handler<Void> handler(Object[] arguments) {
        return (Handler<Void>) arguments[0];
    }

    private Object keep(Runnable assignment) {
        synchronized (lock) {
            assignment.run();
        }
        return proxy;
    }

    // ---- what a handler asks and says beside its output

    private boolean isEnded() {
        synchronized (lock) {
            if (ended || replacedFor != null) {
                return true;
            }
        }
        return response.ended();
    }

    private boolean isBegun() {
        synchronized (lock) {
            if (begun || replacedFor != null) {
                return true;
            }
        }
        return response.headWritten();
    }

    private @Nullable Object isFull(Method method) throws Throwable {
        synchronized (lock) {
            if (replacedFor != null || broken) {
                return false;
            }
            if (busy) {
                saidFull = true;
                return true;
            }
        }
        return call(method, NO_ARGUMENTS);
    }

    private @Nullable Object onDrain(Method method, Object[] arguments) throws Throwable {
        synchronized (lock) {
            drainHandler = handler(arguments);
            if (replacedFor != null || broken) {
                return proxy;
            }
        }
        return call(method, arguments);
    }

    private @Nullable Object ofHead(Method method, Object[] arguments) throws Throwable {
        boolean open;
        synchronized (lock) {
            if (replacedFor != null || broken) {
                return method.getReturnType() == HttpServerResponse.class ? proxy : nothingRemoved(method);
            }
            ownMessage |= method.getName().equals("setStatusMessage");
            open = !begun;
        }
        if (open) {
            return call(method, arguments);
        }
        if (method.getName().equals("setStatusCode") && failedInMidAnswer()) {
            breakOff();
            return proxy;
        }
        throw new IllegalStateException(HEAD_SENT);
    }

    private static @Nullable Object nothingRemoved(Method method) {
        return method.getReturnType() == Set.class ? Set.of() : null;
    }

    /** Vert.x 5.0 would answer the failure all the same, and leave the client waiting for the rest when it cannot. */
    private boolean failedInMidAnswer() {
        RoutingContext ctx = routing;
        return ctx != null && ctx.failed() && !isEnded();
    }

    // ---- output

    private Future<?> output(Method method, Object[] arguments) throws Throwable {
        Output output = new Output(method, arguments, context.promise());
        if (output.breaks()) {
            return breakOff(output);
        }
        beforeHead(method.getName());
        Throwable unanswered = answeredByNobody(output);
        boolean passes;
        boolean save;
        synchronized (lock) {
            if (replacedFor != null || broken) {
                return Future.failedFuture(
                        replacedFor != null ? replacedFor : new IllegalStateException("the answer was broken off"));
            }
            if (ended) {
                throw new IllegalStateException(ENDED);
            }
            failure = begun ? failure : unanswered;
            begun = true;
            ended = output.ends();
            passes = !busy && saved && !ended;
            save = !busy && !passes;
            if (!passes) {
                output.savedBefore = save;
                waiting.add(output);
                busy = true;
            }
        }
        if (passes) {
            return pass(output);
        }
        if (save) {
            save();
        }
        return output.promise.future();
    }

    /** What the application hears of the head, and may still change it: before the save, whose headers come last. */
    private void beforeHead(String name) {
        Handler<Void> handler;
        synchronized (lock) {
            if (headersEnded || ended || broken || replacedFor != null) {
                return;
            }
            headersEnded = true;
            handler = headersEndHandler;
        }
        MultiMap headers = response.headers();
        if (name.startsWith("write")
                && request.version() == HttpVersion.HTTP_1_1
                && !headers.contains(HttpHeaders.CONTENT_LENGTH)
                && !headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
            // Vert.x 5.1 does so itself; 5.0 would throw, but only once the session is saved.
            response.setChunked(true);
        }
        if (handler != null) {
            handler.handle(null);
        }
    }

    /** A session's failure that no handler of the application has answered: only Vert.x's own 500 would. */
    private @Nullable Throwable answeredByNobody(Output output) {
        RoutingContext ctx = routing;
        if (ctx == null || ctx.failure() == null || response.getStatusCode() != 500) {
            return null;
        }
        boolean frameworks = output.arguments.length == 1
                && response.getStatusMessage().equals(output.arguments[0])
                && ErrorResponse.toldBy(ctx.failure()) != null;
        return frameworks ? ctx.failure() : null;
    }

    private void save() {
        boolean forHead;
        synchronized (lock) {
            forHead = !saved;
        }
        session.save().onComplete(done -> saved(forHead, done));
    }

    private void saved(boolean forHead, AsyncResult<?> done) {
        Throwable problem;
        synchronized (lock) {
            saved = true;
            problem = forHead && done.failed() ? done.cause() : failure;
        }
        if (problem != null) {
            replace(problem);
        } else {
            open();
        }
    }

    /** Lets pass what waits, then everything: of this answer, since another one closes the gate for its own save. */
    private void open() {
        int mine;
        synchronized (lock) {
            mine = failedAnswers;
        }
        while (true) {
            Output next;
            boolean saveFirst;
            synchronized (lock) {
                if (mine != failedAnswers) {
                    return;
                }
                next = waiting.peek();
                if (next == null) {
                    busy = false;
                    break;
                }
                saveFirst = next.ends() && !next.savedBefore;
                next.savedBefore = true;
                if (!saveFirst) {
                    waiting.remove();
                }
            }
            if (saveFirst) {
                save();
                return;
            }
            pass(next);
        }
        tellDrained();
    }

    private Future<?> pass(Output output) {
        Future<?> result;
        try {
            result = (Future<?>) Objects.requireNonNull(call(output.method, output.arguments), "a future");
        } catch (Throwable e) {
            result = Future.failedFuture(e);
        }
        if (output.method.getName().equals("end") && response.headWritten()) {
            session.close();
        }
        result.onComplete(done -> {
            passed(output, done);
        });
        return output.promise.future();
    }

    private void passed(Output output, AsyncResult<?> done) {
        if (done.failed() && !response.headWritten()) {
            reopen();
        } else if (output.ends()) {
            session.close();
        }
        if (done.succeeded()) {
            output.promise.tryComplete(done.result());
        } else {
            output.fail(done.cause());
        }
    }

    /** Nothing has left: a file is not there, for example. The handler may answer otherwise, unless it does already. */
    private void reopen() {
        synchronized (lock) {
            if (!waiting.isEmpty()) {
                return;
            }
            failedAnswers++;
            begun = false;
            ended = false;
            saved = false;
            busy = false;
        }
    }

    private void tellDrained() {
        Handler<Void> handler;
        synchronized (lock) {
            handler = saidFull ? drainHandler : null;
            saidFull = false;
        }
        if (handler != null && !response.ended() && !response.writeQueueFull()) {
            context.emit(null, handler);
        }
    }

    // ---- another answer than the handler's

    /** Answers for a handler that threw: what it changed is saved, then the client is told. */
    void fail(Throwable problem) {
        boolean unanswered = !isBegun();
        synchronized (lock) {
            unanswered &= !begun;
            if (unanswered) {
                begun = true;
                ended = true;
                busy = true;
                failure = problem;
            }
        }
        if (unanswered) {
            save();
            return;
        }
        SojournHandler.logger().log(Level.ERROR, "a handler failed after it had begun its answer", problem);
        if (!isEnded()) {
            breakOff();
        }
    }

    /** Sends another answer than the handler's; the rest of that one fails. */
    private void replace(Throwable problem) {
        List<Output> refused;
        synchronized (lock) {
            replacedFor = problem;
            refused = new ArrayList<>(waiting);
            waiting.clear();
            busy = false;
        }
        if (!response.closed()) {
            answer(ErrorResponse.of(problem, SojournHandler.logger()));
        }
        refused.forEach(output -> output.fail(problem));
        session.close();
        tellDrained();
    }

    private void answer(ErrorResponse answer) {
        MultiMap headers = response.headers();
        List.copyOf(request.cookies()).forEach(this::forget);
        session.setHeaders(answer, headers);
        if (ownMessage) {
            response.setStatusMessage("");
        }
        response.setStatusCode(answer.status());
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(Buffer.buffer(answer.body()));
        }
    }

    /** A cookie that the handler had set is not sent; one that the client came with stays the client's. */
    private void forget(Cookie cookie) {
        response.removeCookies(cookie.getName(), false);
    }

    // ---- the end

    private void breakOff() {
        proxy.reset();
    }

    /** Breaks off what has begun, behind what waits for its save. */
    private Future<?> breakOff(Output output) throws Throwable {
        synchronized (lock) {
            if (replacedFor != null) {
                return Future.failedFuture(replacedFor);
            }
            broken |= !ended;
            if (busy) {
                waiting.add(output);
                return output.promise.future();
            }
        }
        return pass(output);
    }

    /** The connection is gone, or this request's stream of it. */
    private void closed(@Nullable Void nothing) {
        session.close();
        Handler<Void> handler;
        synchronized (lock) {
            handler = closeHandler;
        }
        if (handler != null) {
            handler.handle(null);
        }
    }

    /** Hands the connection over to another protocol, whose handshake carries the session's headers. */
    <T> Future<T> upgrade(Supplier<Future<T>> handshake) {
        synchronized (lock) {
            if (begun || replacedFor != null || broken) {
                return Future.failedFuture(new IllegalStateException(HEAD_SENT));
            }
            begun = true;
            ended = true;
            busy = true;
        }
        PromiseInternal<T> promise = context.promise();
        request.hold();
        session.save().onComplete(done -> {
            if (done.failed()) {
                request.release();
                replace(done.cause());
                promise.fail(done.cause());
            } else {
                upgraded(handshake, promise);
            }
        });
        return promise.future();
    }

    private <T> void upgraded(Supplier<Future<T>> handshake, PromiseInternal<T> promise) {
        Future<T> result;
        try {
            result = handshake.get();
        } catch (RuntimeException e) {
            result = Future.failedFuture(e);
        }
        result.onComplete(done -> {
            if (done.failed() && !response.headWritten()) {
                request.release();
                reopen();
            } else {
                session.close();
            }
            promise.handle(done);
        });
    }
}
