package dev.sojourn.undertow;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSource;
import io.undertow.server.ConduitWrapper;
import io.undertow.server.DefaultResponseListener;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.ConduitFactory;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;
import org.xnio.conduits.StreamSinkConduit;

/**
 * The session of one exchange. Undertow calls this at three moments:
 *
 * <ul>
 * <li>{@link #handleDefaultResponse}: the exchange is about to end, possibly because of an exception;
 * <li>{@link #wrap}: a handler gets the response channel, and status and headers can still be changed. Every response passes
 * here, with or without the first moment before it;
 * <li>{@link #exchangeEvent}: the exchange is complete.
 * </ul>
 *
 * <p>The first of the first two moments saves the session. On an IO thread, {@link #handleDefaultResponse} moves to a worker,
 * and so does {@link SessionSender}; {@link #wrap} cannot.
 */
final class RequestSession
        implements ConduitWrapper<StreamSinkConduit>, DefaultResponseListener, ExchangeCompletionListener {
    static final AttachmentKey<RequestSession> KEY = AttachmentKey.create(RequestSession.class);

    private final HttpServerExchange exchange;
    private final SessionSource sessions;
    private final SessionScope scope;
    /** Whether a commit may block even if no handler uses the session. */
    private final boolean alwaysBlocks;
    /** Whether a call of the session that may block was made, so that a commit may block too. */
    private boolean used;

    private boolean committed;
    /** Why an error response replaces the handler's, or null. */
    private @Nullable Throwable problem;
    /** Whether a worker is about to send for an IO thread. */
    private volatile boolean sending;

    private volatile boolean endRequested;

    RequestSession(HttpServerExchange exchange, SessionSource sessions) {
        this.exchange = exchange;
        this.sessions = sessions;
        this.scope = sessions.open(new UndertowExchange(exchange));
        this.alwaysBlocks = scope.mayBlock();
    }

    void attach() {
        scope.setBlockingCheck(this::beforeBlocking);
        exchange.putAttachment(KEY, this);
        exchange.addResponseWrapper(this);
        exchange.addDefaultResponseListener(this);
        exchange.addExchangeCompleteListener(this);
    }

    boolean isFrom(SessionSource others) {
        return sessions == others;
    }

    /** Throws if a page of another site may have sent this request, or if it needs a user and has none. */
    void admit() {
        scope.admit();
        scope.checkSignIn();
    }

    Session session() {
        return scope.session();
    }

    SealedSession sealed() {
        return scope.sealed();
    }

    SessionView view() {
        return scope.view();
    }

    // ---- threads

    private static boolean isIoThread() {
        return Thread.currentThread() instanceof XnioIoThread;
    }

    /** Returns whether the next step may access the store and this thread must not block. */
    boolean needsWorker() {
        return isIoThread() && (used || alwaysBlocks);
    }

    /**
     * Returns whether this thread must not block, and the first use of a sealed session or a view would: this request is the
     * one of many that reads the list of revocations.
     */
    boolean isRefreshDue() {
        return isIoThread() && scope.isRefreshDue();
    }

    /** Returns whether this thread must not block, and the request's user has to be known before the handler runs. */
    boolean needsUserOnWorker() {
        return isIoThread() && scope.isSignInRequired();
    }

    private void beforeBlocking() {
        if (isIoThread()) {
            throw blockingOnIoThread();
        }
        used = true;
        if (!exchange.isBlocking() && !exchange.isResponseStarted()) {
            SessionSender.install(exchange, this);
        }
    }

    private static IllegalStateException blockingOnIoThread() {
        return new IllegalStateException(
                "an IO thread must not wait for the session store: put a BlockingHandler around"
                        + " the SojournHandler, or move to a worker with exchange.dispatch(...) before the session is used or"
                        + " the response channel is requested");
    }

    /** Runs a call that sends: on this thread, or on a worker if the session must be saved first and this is an IO thread. */
    void send(Runnable call) {
        if (committed || !needsWorker()) {
            call.run();
            return;
        }
        if (sending) {
            throw new IllegalStateException("a response is being sent already: send more in its callback");
        }
        sending = true;
        exchange.dispatch(exchange.getConnection().getWorker(), () -> sendOnWorker(call));
    }

    private void sendOnWorker(Runnable call) {
        try {
            sending = false;
            call.run();
        } catch (RuntimeException | Error e) {
            exchange.putAttachment(EXCEPTION, e);
            endRequested = true;
        }
        if (endRequested) {
            exchange.endExchange();
        }
    }

    // ---- the end of the handler

    @Override
    public boolean handleDefaultResponse(HttpServerExchange ending) {
        Throwable thrown = exchange.getAttachment(EXCEPTION);
        if (sending && thrown == null) {
            endRequested = true;
            exchange.addDefaultResponseListener(this);
            return true;
        }
        if (exchange.isResponseStarted()) {
            if (thrown != null && !exchange.isResponseComplete()) {
                closeConnection("a handler failed after the head was sent", thrown);
            }
            return false;
        }
        if (!committed && needsWorker()) {
            exchange.addDefaultResponseListener(this);
            exchange.unDispatch();
            exchange.dispatch(exchange.getConnection().getWorker(), (Runnable) exchange::endExchange);
            return true;
        }
        commitOnce(thrown);
        return false;
    }

    /** Closes the connection, which is the only way left to report a failure to the client. */
    private void closeConnection(String reason, Throwable cause) {
        SojournHandler.logger().log(Level.ERROR, "closed the connection because " + reason, cause);
        saveLateChanges();
        IoUtils.safeClose(exchange.getConnection());
    }

    // ---- the head

    /** Saves the session unless that was done before. A failed save takes precedence over what the handler threw. */
    private void commitOnce(@Nullable Throwable thrown) {
        if (committed) {
            return;
        }
        committed = true;
        problem = thrown;
        try {
            scope.commit();
        } catch (RuntimeException | Error e) {
            problem = e;
        }
    }

    @Override
    public StreamSinkConduit wrap(ConduitFactory<StreamSinkConduit> factory, HttpServerExchange responding) {
        if (!committed && needsWorker()) {
            committed = true;
            problem = blockingOnIoThread();
        }
        commitOnce(null);
        if (problem == null) {
            return new SessionConduit(factory.create(), this);
        }
        if (exchange.isResponseStarted()) {
            closeConnection(
                    "the session could not be saved after another handler had fixed the status: put the SojournHandler"
                            + " behind handlers that encode responses",
                    problem);
            return factory.create();
        }
        byte[] body = replaceHead(ErrorResponse.of(problem, SojournHandler.logger()));
        return new ErrorConduit(factory.create(), exchange, body);
    }

    private byte[] replaceHead(ErrorResponse error) {
        HeaderMap headers = exchange.getResponseHeaders();
        if (exchange.responseCookies().iterator().hasNext()) {
            removeCookies();
        }
        error.setHeaders(scope, headers::clear, (name, value) -> headers.put(new HttpString(name), value));
        exchange.setStatusCode(error.status());
        exchange.setReasonPhrase(StatusCodes.getReason(error.status()));
        byte[] body = error.body();
        exchange.setResponseContentLength(body.length);
        return body;
    }

    @SuppressWarnings("removal") // Undertow 2.3 and 2.4 have no other way to undo setResponseCookie.
    private void removeCookies() {
        exchange.getResponseCookies().clear();
    }

    /**
     * Saves changes made after the head, before the last byte, so that the client's next request finds them. On an IO thread
     * this is left to the end of the exchange.
     */
    void saveLateChanges() {
        if (!needsWorker()) {
            scope.commit();
        }
    }

    // ---- the end

    @Override
    public void exchangeEvent(HttpServerExchange ended, NextListener next) {
        if (needsWorker() || (isIoThread() && scope.mayBlock())) {
            try {
                exchange.getConnection().getWorker().execute(() -> close(next));
                return;
            } catch (RejectedExecutionException e) {
                // The server is stopping, so blocking this IO thread delays no other request.
            }
        }
        close(next);
    }

    private void close(NextListener next) {
        try {
            scope.close();
        } finally {
            next.proceed();
        }
    }
}
