package dev.sojourn.vertx;

import io.vertx.core.Future;
import io.vertx.core.internal.PromiseInternal;
import java.lang.reflect.Method;

/** A call of the response that may have to wait until the session is saved. */
final class ResponseCall {
    private final ResponseMethod kind;
    private final Method method;
    private final Object[] arguments;
    private final PromiseInternal<Object> promise;

    ResponseCall(ResponseMethod kind, Method method, Object[] arguments, PromiseInternal<Object> promise) {
        this.kind = kind;
        this.method = method;
        this.arguments = arguments;
        this.promise = promise;
    }

    ResponseMethod kind() {
        return kind;
    }

    Method method() {
        return method;
    }

    Object[] arguments() {
        return arguments;
    }

    /** Returns the future that the handler has. */
    Future<Object> future() {
        return promise.future();
    }

    void succeed(Object result) {
        promise.tryComplete(result);
    }

    void fail(Throwable problem) {
        promise.tryFail(problem);
    }
}
