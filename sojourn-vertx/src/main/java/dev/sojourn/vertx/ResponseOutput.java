package dev.sojourn.vertx;

import dev.sojourn.spi.ErrorResponse;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends a response's output to Vert.x: saves the session before the head and before the end, passes the calls that waited, and
 * sends an error response instead if the first save fails.
 *
 * <p>Makes no call to Vert.x under a lock, because Vert.x calls handlers under another lock. Thread-safe.
 */
final class ResponseOutput {
    private final SessionRequest request;
    private final HttpServerResponse response;
    private final RequestSession session;
    private final ContextInternal context;
    private final OutputGate gate = new OutputGate();
    private volatile boolean customStatusMessage;
    private volatile @Nullable Handler<Void> drainHandler;

    ResponseOutput(SessionRequest request, HttpServerResponse response, RequestSession session) {
        this.request = request;
        this.response = response;
        this.session = session;
        this.context = request.context();
    }

    OutputGate gate() {
        return gate;
    }

    /** An error response has to reset the status message that the handler has set. */
    void useCustomStatusMessage() {
        customStatusMessage = true;
    }

    void drainHandler(@Nullable Handler<Void> handler) {
        drainHandler = handler;
    }

    // ---- calls of the handler

    /**
     * Sends the output of a call as soon as the session is saved.
     *
     * @param unhandled the failure that the call's own response would hide, or null
     */
    Future<?> send(ResponseCall call, @Nullable Throwable unhandled) {
        return proceed(call, gate.admit(call, unhandled));
    }

    /** Aborts the response, behind the calls that wait. */
    Future<?> abort(ResponseCall call) {
        return proceed(call, gate.abort(call));
    }

    private Future<?> proceed(ResponseCall call, OutputGate.Decision decision) {
        switch (decision) {
            case REFUSE -> {
                return Future.failedFuture(gate.refusal());
            }
            case PASS -> pass(call);
            case SAVE -> save();
            case WAIT -> {}
        }
        return call.future();
    }

    // ---- saving and passing

    private void save() {
        boolean forHead = !gate.isHeadSaved();
        session.save().onComplete(done -> {
            Throwable problem = gate.completeSave(forHead && done.failed() ? done.cause() : null);
            if (problem != null) {
                replace(problem);
            } else {
                passWaiting();
            }
        });
    }

    /** Passes the calls that wait, until one needs another save or the handler has started another response. */
    private void passWaiting() {
        int attempt = gate.attempt();
        while (true) {
            OutputGate.Step step = gate.next(attempt);
            switch (step.action()) {
                case PASS -> pass(Objects.requireNonNull(step.call()));
                case SAVE -> {
                    save();
                    return;
                }
                case DRAINED -> {
                    callDrainHandler();
                    return;
                }
                case SUPERSEDED -> {
                    return;
                }
            }
        }
    }

    private void pass(ResponseCall call) {
        Future<?> result = invoke(call);
        if (call.kind() == ResponseMethod.END && response.headWritten()) {
            session.close();
        }
        result.onComplete(done -> complete(call, done));
    }

    private Future<?> invoke(ResponseCall call) {
        try {
            Object result = call.method().invoke(response, call.arguments());
            return (Future<?>) Objects.requireNonNull(result, "a future");
        } catch (InvocationTargetException e) {
            return Future.failedFuture(e.getCause() == null ? e : e.getCause());
        } catch (Throwable e) {
            return Future.failedFuture(e);
        }
    }

    private void complete(ResponseCall call, AsyncResult<?> done) {
        if (done.failed() && !response.headWritten()) {
            // For example, the file to send does not exist.
            gate.reopen();
        } else if (call.kind().endsResponse()) {
            session.close();
        }
        if (done.succeeded()) {
            call.succeed(done.result());
        } else {
            call.fail(done.cause());
        }
    }

    private void callDrainHandler() {
        Handler<Void> handler = gate.takeReportedFull() ? drainHandler : null;
        if (handler != null && !response.ended() && !response.writeQueueFull()) {
            context.emit(null, handler);
        }
    }

    // ---- error responses

    /** Saves the changes of a handler that threw and sends an error response; returns false if its response has started. */
    boolean sendError(Throwable problem) {
        if (response.headWritten() || gate.isStarted() || !gate.claimForError(problem)) {
            return false;
        }
        save();
        return true;
    }

    /** Sends an error response instead of the handler's, whose waiting calls fail. */
    private void replace(Throwable problem) {
        List<ResponseCall> refused = gate.replace(problem);
        if (!response.closed()) {
            write(ErrorResponse.of(problem, SojournHandler.logger()));
        }
        refused.forEach(call -> call.fail(problem));
        session.close();
        callDrainHandler();
    }

    private void write(ErrorResponse error) {
        MultiMap headers = response.headers();
        List.copyOf(request.cookies()).forEach(this::removeResponseCookie);
        session.setHeaders(error, headers);
        if (customStatusMessage) {
            response.setStatusMessage("");
        }
        response.setStatusCode(error.status());
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(Buffer.buffer(error.body()));
        }
    }

    /** Removes a cookie that the handler has set. Does not expire one that the client has sent. */
    private void removeResponseCookie(Cookie cookie) {
        response.removeCookies(cookie.getName(), false);
    }

    // ---- handshakes

    /**
     * Saves the session, then hands the connection over to another protocol. The response to the handshake contains the
     * session's headers.
     */
    <T> Future<T> upgrade(Supplier<Future<T>> handshake) {
        if (!gate.claimForUpgrade()) {
            return Future.failedFuture(new IllegalStateException(SessionResponse.HEAD_SENT));
        }
        PromiseInternal<T> promise = context.promise();
        request.holdBody();
        session.save().onComplete(done -> {
            if (done.failed()) {
                request.releaseBody();
                replace(done.cause());
                promise.fail(done.cause());
            } else {
                shakeHands(handshake, promise);
            }
        });
        return promise.future();
    }

    private <T> void shakeHands(Supplier<Future<T>> handshake, PromiseInternal<T> promise) {
        Future<T> result;
        try {
            result = handshake.get();
        } catch (RuntimeException e) {
            result = Future.failedFuture(e);
        }
        result.onComplete(done -> {
            if (done.failed() && !response.headWritten()) {
                request.releaseBody();
                gate.reopen();
            } else {
                session.close();
            }
            promise.handle(done);
        });
    }
}
