package dev.sojourn.vertx;

import dev.sojourn.Session;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionScope;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One request's scope, and the threads that it works on. What may ask the store is a step: one after another, each on a
 * worker, or in place where the step cannot block or the calling thread may, and no other is under way. While a step is
 * under way nobody else may use the session.
 */
final class RequestSession {
    private final SessionScope scope;
    private final ContextInternal context;
    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Future<?> last = Future.succeededFuture();
    private volatile @Nullable Thread stepping;

    RequestSession(SessionScope scope, ContextInternal context) {
        this.scope = scope;
        this.context = context;
        scope.beforeBlocking(Threads::refuseEventLoop);
        scope.beforeUse(this::refuseWhileStepping);
    }

    private void refuseWhileStepping() {
        if (steps.get() > 0 && stepping != Thread.currentThread()) {
            throw new IllegalStateException(
                    "the session is being saved on a worker, because the answer was begun: use it"
                            + " before the first write, or when the future of that write has completed");
        }
    }

    /** The session, loaded unless this thread may wait for that itself. */
    Future<Session> session() {
        if (Threads.mayWait()) {
            return Future.succeededFuture(scope.session());
        }
        if (steps.get() == 0 && scope.presented().isEmpty()) {
            return loadedInPlace();
        }
        return onWorker(() -> {
            scope.load();
            return scope.session();
        });
    }

    /** Without a token there is nothing to ask the store for. */
    private Future<Session> loadedInPlace() {
        scope.beforeBlocking(() -> {});
        try {
            scope.load();
            return Future.succeededFuture(scope.session());
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        } finally {
            scope.beforeBlocking(Threads::refuseEventLoop);
        }
    }

    /** Saves what the handler did so far and, while the head has not left, brings its headers up to date. */
    Future<?> save() {
        return step(() -> {
            scope.commit();
            return true;
        });
    }

    void setHeaders(ErrorResponse answer, MultiMap headers) {
        answer.setHeaders(scope, headers::clear, headers::set);
    }

    void close() {
        if (closed.compareAndSet(false, true)) {
            step(() -> {
                scope.close();
                return true;
            });
        }
    }

    private <T> Future<T> step(Callable<T> work) {
        Promise<Void> done = Promise.promise();
        synchronized (this) {
            if (steps.get() > 0 || (scope.mayBlock() && !Threads.mayWait())) {
                return onWorker(work);
            }
            steps.incrementAndGet();
            last = done.future();
        }
        try {
            return result(work);
        } finally {
            steps.decrementAndGet();
            done.complete();
        }
    }

    /**
     * The step is over when its future completes: on the request's context and never within this call, however quick the
     * worker is, so that what a handler may do does not hang on that.
     */
    private synchronized <T> Future<T> onWorker(Callable<T> work) {
        PromiseInternal<T> promise = context.promise();
        steps.incrementAndGet();
        Future<?> before = last;
        last = promise.future();
        before.onComplete(any -> begin(work, promise));
        return promise.future();
    }

    private <T> void begin(Callable<T> work, PromiseInternal<T> promise) {
        Callable<Boolean> step = () -> {
            Future<T> done = result(work);
            context.runOnContext(later -> over(promise, done));
            return true;
        };
        try {
            context.executeBlocking(step, false).onFailure(problem -> over(promise, Future.failedFuture(problem)));
        } catch (RejectedExecutionException e) {
            over(promise, Future.failedFuture(e));
        }
    }

    private <T> void over(PromiseInternal<T> promise, Future<T> done) {
        steps.decrementAndGet();
        promise.handle(done);
    }

    private <T> Future<T> result(Callable<T> work) {
        stepping = Thread.currentThread();
        try {
            return Future.succeededFuture(work.call());
        } catch (Throwable e) {
            return Future.failedFuture(e);
        } finally {
            stepping = null;
        }
    }
}
