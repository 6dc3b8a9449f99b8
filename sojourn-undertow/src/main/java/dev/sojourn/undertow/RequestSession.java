package dev.sojourn.undertow;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionScope;
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
 * One exchange and its session. Undertow tells of three moments:
 *
 * <ul>
 *   <li>{@link #handleDefaultResponse}: the exchange is about to be ended, maybe by an exception;
 *   <li>{@link #wrap}: somebody asks for the channel of the response, whose status and headers can still be changed; every
 *       answer comes by here, after the moment before or without it;
 *   <li>{@link #exchangeEvent}: all is over.
 * </ul>
 *
 * <p>Whichever of the first two comes first saves the session. On an IO thread the first goes to a worker, and so does
 * {@link SavingSender}; the second cannot.
 */
final class RequestSession
        implements ConduitWrapper<StreamSinkConduit>, DefaultResponseListener, ExchangeCompletionListener {
    static final AttachmentKey<RequestSession> KEY = AttachmentKey.create(RequestSession.class);

    private final HttpServerExchange exchange;
    private final Sessions sessions;
    private final SessionScope scope;
    /** Whether there is something to save even if no handler uses its session. */
    private final boolean everyRequestBlocks;

    private boolean used;
    private boolean settled;
    /** Why the handler's answer is replaced. */
    private @Nullable Throwable problem;
    /** Something to send is on its way to a worker. */
    private volatile boolean sending;

    private volatile boolean endAsked;

    RequestSession(HttpServerExchange exchange, Sessions sessions) {
        this.exchange = exchange;
        this.sessions = sessions;
        this.scope = sessions.open(new UndertowExchange(exchange));
        this.everyRequestBlocks = scope.mayBlock();
    }

    void mount() {
        scope.beforeBlocking(this::beforeBlocking);
        exchange.putAttachment(KEY, this);
        exchange.addResponseWrapper(this);
        exchange.addDefaultResponseListener(this);
        exchange.addExchangeCompleteListener(this);
    }

    boolean isOf(Sessions others) {
        return sessions == others;
    }

    Session session() {
        return scope.session();
    }

    // ---- threads

    private static boolean isIoThread() {
        return Thread.currentThread() instanceof XnioIoThread;
    }

    /** Whether what is to be done next may ask the store, which this thread must not wait for. */
    boolean mustGoToWorker() {
        return isIoThread() && (used || everyRequestBlocks);
    }

    private void beforeBlocking() {
        if (isIoThread()) {
            throw mustNotWait();
        }
        used = true;
        if (!exchange.isBlocking() && !exchange.isResponseStarted()) {
            SavingSender.install(exchange, this);
        }
    }

    private static IllegalStateException mustNotWait() {
        return new IllegalStateException("this is an IO thread, which must not wait for the session store: put a"
                + " BlockingHandler around the SojournHandler, or go to a worker with exchange.dispatch(...) before the"
                + " session is used or the response channel is asked for");
    }

    /** Sends something here, or on a worker if the session has to be saved first and this thread must not wait. */
    void send(Runnable sending) {
        if (settled || !mustGoToWorker()) {
            sending.run();
            return;
        }
        if (this.sending) {
            throw new IllegalStateException("something is being sent already: send more when the callback is called");
        }
        this.sending = true;
        exchange.dispatch(exchange.getConnection().getWorker(), () -> sendOnWorker(sending));
    }

    private void sendOnWorker(Runnable send) {
        try {
            sending = false;
            send.run();
        } catch (RuntimeException | Error e) {
            exchange.putAttachment(EXCEPTION, e);
            endAsked = true;
        }
        if (endAsked) {
            exchange.endExchange();
        }
    }

    // ---- the end of the handler

    @Override
    public boolean handleDefaultResponse(HttpServerExchange ending) {
        Throwable thrown = exchange.getAttachment(EXCEPTION);
        if (sending && thrown == null) {
            endAsked = true;
            exchange.addDefaultResponseListener(this);
            return true;
        }
        if (exchange.isResponseStarted()) {
            if (thrown != null && !exchange.isResponseComplete()) {
                breakOff("a handler failed in mid-answer", thrown);
            }
            return false;
        }
        if (!settled && mustGoToWorker()) {
            exchange.addDefaultResponseListener(this);
            exchange.unDispatch();
            exchange.dispatch(exchange.getConnection().getWorker(), (Runnable) exchange::endExchange);
            return true;
        }
        settle(thrown);
        return false;
    }

    /** Only a broken connection can tell the client now. */
    private void breakOff(String why, Throwable cause) {
        SojournHandler.logger().log(Level.ERROR, "broke the connection because " + why, cause);
        saveLateChanges();
        IoUtils.safeClose(exchange.getConnection());
    }

    // ---- the head

    /** Saves the session, once. */
    private void settle(@Nullable Throwable thrown) {
        if (settled) {
            return;
        }
        settled = true;
        problem = thrown;
        try {
            scope.commit();
        } catch (RuntimeException | Error e) {
            problem = e;
        }
    }

    @Override
    public StreamSinkConduit wrap(ConduitFactory<StreamSinkConduit> factory, HttpServerExchange answering) {
        if (!settled && mustGoToWorker()) {
            settled = true;
            problem = mustNotWait();
        }
        settle(null);
        if (problem == null) {
            return new Body(factory.create(), this);
        }
        if (exchange.isResponseStarted()) {
            breakOff(
                    "the session could not be saved, and another handler had fixed the status before: the"
                            + " SojournHandler belongs behind handlers that encode responses",
                    problem);
            return factory.create();
        }
        byte[] body = replaceHead(ErrorResponse.of(problem, SojournHandler.logger()));
        return new ReplacedBody(factory.create(), exchange, body);
    }

    private byte[] replaceHead(ErrorResponse answer) {
        HeaderMap headers = exchange.getResponseHeaders();
        if (exchange.responseCookies().iterator().hasNext()) {
            forgetCookies();
        }
        answer.setHeaders(scope, headers::clear, (name, value) -> headers.put(new HttpString(name), value));
        exchange.setStatusCode(answer.status());
        exchange.setReasonPhrase(StatusCodes.getReason(answer.status()));
        byte[] body = answer.body();
        exchange.setResponseContentLength(body.length);
        return body;
    }

    @SuppressWarnings("removal") // There is no other way to take back what setResponseCookie was told, also in 2.4.
    private void forgetCookies() {
        exchange.getResponseCookies().clear();
    }

    /** After the head, and before the last byte: the client's next request is to find it. On an IO thread it has to wait. */
    void saveLateChanges() {
        if (!mustGoToWorker()) {
            scope.commit();
        }
    }

    // ---- the end

    @Override
    public void exchangeEvent(HttpServerExchange ended, NextListener next) {
        if (mustGoToWorker()) {
            try {
                exchange.getConnection().getWorker().execute(() -> close(next));
                return;
            } catch (RejectedExecutionException e) {
                // The server is being stopped, and nobody else uses this thread any more.
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
