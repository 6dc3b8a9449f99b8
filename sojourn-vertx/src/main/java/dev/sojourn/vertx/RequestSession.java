package dev.sojourn.vertx;

import dev.sojourn.EditableSession;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionScope;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The session of one request, and the threads that it is loaded and saved on. Each call that may access the store is a step.
 * Steps run one after another, each on a worker. A step runs on the calling thread instead if no other is running, and the step
 * cannot block or the thread may. While a step runs, no other thread may use the session.
 */
final class RequestSession {
    private final SessionScope scope;
    private final ContextInternal context;
    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Future<?> lastStep = Future.succeededFuture();
    private volatile @Nullable Thread stepThread;

    RequestSession(SessionScope scope, ContextInternal context) {
        this.scope = scope;
        this.context = context;
        scope.setBlockingCheck(Threads::checkNotEventLoop);
        scope.setUseCheck(this::checkNotSaving);
    }

    /** Throws if a page of another site may have sent this request. */
    void admit() {
        scope.admit();
    }

    /** Whether only a signed-in user may make this request. */
    boolean isSignInRequired() {
        return scope.isSignInRequired();
    }

    /** Throws if this request needs a user and has none; on an event loop, {@link #view} has loaded what it needs. */
    void checkSignIn() {
        scope.checkSignIn();
    }

    /** Throws unless this is one CSRF token of the client's session, which is not loaded. */
    void requireCsrfToken(List<String> tokens) {
        EditableSession session = scope.view() instanceof EditableSession editable ? editable : scope.session();
        session.requireCsrfToken(tokens);
    }

    private void checkNotSaving() {
        if (steps.get() > 0 && stepThread != Thread.currentThread()) {
            throw new IllegalStateException(
                    "a worker is saving the session because the response has started: use it before the first write,"
                            + " or after the future of that write has completed");
        }
    }

    /** Returns the session, loaded unless this thread may block and can load it on first use. */
    Future<Session> session() {
        Session session = scope.session();
        if (Threads.mayBlock()) {
            return Future.succeededFuture(session);
        }
        if (steps.get() == 0 && isWithoutToken()) {
            return loadInPlace(scope::load, () -> {}, session); // without a token this needs no store call
        }
        return onWorker(() -> {
            scope.load();
            return session;
        });
    }

    /** Calls a function with the session where it may block: here, or as a step on a worker. */
    <T extends @Nullable Object> Future<T> onWorker(Function<Session, T> work) {
        Session session = scope.session();
        if (!Threads.mayBlock()) {
            return onWorker(() -> work.apply(session));
        }
        try {
            return Future.succeededFuture(work.apply(session));
        } catch (RuntimeException | Error e) {
            return Future.failedFuture(e);
        }
    }

    /** Returns whether no token has to be looked up anywhere, which itself may need I/O. */
    private boolean isWithoutToken() {
        scope.setBlockingCheck(RequestSession::refuseToBlock);
        try {
            return !scope.viewMayBlock() && scope.tokenPublicId().isEmpty();
        } catch (WouldBlockException e) {
            return false;
        } finally {
            scope.setBlockingCheck(Threads::checkNotEventLoop);
        }
    }

    Future<SealedSession> sealed() {
        return loadView(scope.sealed());
    }

    /** Returns whether what can be read is the session in the store, which {@link #session} loads. */
    boolean isViewOfStore() {
        return scope.view() instanceof Session;
    }

    Future<SessionView> view() {
        return loadView(scope.view());
    }

    /** Opens a cookie or verifies a token: in place, or on a worker if keys or a list of revocations must be fetched first. */
    private <T> Future<T> loadView(T session) {
        if (Threads.mayBlock()) {
            return Future.succeededFuture(session);
        }
        if (steps.get() == 0 && !scope.viewMayBlock()) {
            try {
                return loadInPlace(scope::loadView, RequestSession::refuseToBlock, session);
            } catch (WouldBlockException e) {
                // The list of revocations has just become due to be read again.
            }
        }
        return onWorker(() -> {
            scope.loadView();
            return session;
        });
    }

    private static void refuseToBlock() {
        throw new WouldBlockException();
    }

    /** Loads what needs no I/O. */
    private <T> Future<T> loadInPlace(Runnable load, Runnable blockingCheck, T session) {
        scope.setBlockingCheck(blockingCheck);
        try {
            load.run();
            return Future.succeededFuture(session);
        } catch (WouldBlockException e) {
            throw e;
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        } finally {
            scope.setBlockingCheck(Threads::checkNotEventLoop);
        }
    }

    /** Saves the handler's changes so far and, until the head was sent, updates the response's headers. */
    Future<?> save() {
        return step(() -> {
            scope.commit();
            return true;
        });
    }

    void setHeaders(ErrorResponse error, MultiMap headers) {
        error.setHeaders(scope, headers::clear, headers::set);
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
            if (steps.get() > 0 || (scope.mayBlock() && !Threads.mayBlock())) {
                return onWorker(work);
            }
            steps.incrementAndGet();
            lastStep = done.future();
        }
        try {
            return run(work);
        } finally {
            steps.decrementAndGet();
            done.complete();
        }
    }

    /**
     * Runs a step on a worker. Its future completes on the request's context, and never within this call, so that a handler's
     * behaviour does not depend on how fast the worker is.
     */
    private synchronized <T extends @Nullable Object> Future<T> onWorker(Callable<T> work) {
        PromiseInternal<T> promise = context.promise();
        steps.incrementAndGet();
        Future<?> before = lastStep;
        lastStep = promise.future();
        before.onComplete(any -> startStep(work, promise));
        return promise.future();
    }

    private <T extends @Nullable Object> void startStep(Callable<T> work, PromiseInternal<T> promise) {
        Callable<Boolean> step = () -> {
            Future<T> done = run(work);
            context.runOnContext(later -> endStep(promise, done));
            return true;
        };
        try {
            context.executeBlocking(step, false).onFailure(problem -> endStep(promise, Future.failedFuture(problem)));
        } catch (RejectedExecutionException e) {
            endStep(promise, Future.failedFuture(e));
        }
    }

    private <T extends @Nullable Object> void endStep(PromiseInternal<T> promise, Future<T> done) {
        steps.decrementAndGet();
        promise.handle(done);
    }

    private <T extends @Nullable Object> Future<T> run(Callable<T> work) {
        stepThread = Thread.currentThread();
        try {
            return Future.succeededFuture(work.call());
        } catch (Throwable e) {
            return Future.failedFuture(e);
        } finally {
            stepThread = null;
        }
    }
}
