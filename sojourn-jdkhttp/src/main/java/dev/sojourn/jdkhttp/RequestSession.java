package dev.sojourn.jdkhttp;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSource;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The session of one exchange. Saves it before the head is sent and again before the body ends, and replaces the response if
 * the first save fails.
 *
 * <p>The scope is closed when the response is complete and the handler has returned, in either order, or when the exchange is
 * closed.
 */
final class RequestSession {
    private final HttpExchange exchange;
    private final JdkHttpExchange head;
    private final SessionScope scope;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean responseComplete;
    private volatile boolean handlerReturned;
    private volatile boolean replaced;
    private volatile boolean closeRequested;

    RequestSession(HttpExchange exchange, SessionSource sessions) {
        this.exchange = exchange;
        this.head = new JdkHttpExchange(exchange);
        this.scope = sessions.open(head);
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

    /** Returns whether an error response was sent instead of the handler's. */
    boolean isReplaced() {
        return replaced;
    }

    private boolean isHeadSent() {
        return exchange.getResponseCode() != -1;
    }

    // ---- the head

    /** Saves the session, then sends the head; sends an error response instead if the save fails. */
    void sendHead(int status, long length) throws IOException {
        if (replaced) {
            return;
        }
        if (status >= 400) {
            head.noteFailure();
        }
        RuntimeException problem = commit();
        if (problem != null) {
            replace(problem);
            return;
        }
        exchange.sendResponseHeaders(status, length);
        if (length == -1) {
            completeResponse();
        }
    }

    /** Saves the changes of a handler that threw, then sends an error response. */
    void handleFailure(Throwable problem) throws IOException {
        if (replaced) {
            return;
        }
        if (isHeadSent()) {
            // Only a broken connection shows the client that the response is incomplete: the server breaks it when an
            // IOException reaches it. Closing the exchange would send the last chunk as if the response were complete.
            SojournFilter.logger()
                    .log(
                            Level.ERROR,
                            "closed the connection because a handler failed after the head was sent",
                            problem);
            close();
            throw new IOException("a handler failed after the head was sent", problem);
        }
        head.noteFailure();
        RuntimeException saveProblem = commit();
        if (saveProblem != null) {
            SojournFilter.logger()
                    .log(Level.ERROR, "a handler failed, and then its session could not be saved", problem);
        }
        replace(saveProblem != null ? saveProblem : problem);
    }

    /** Saves the session; returns the exception if that fails. */
    private @Nullable RuntimeException commit() {
        try {
            scope.commit();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private void replace(Throwable problem) throws IOException {
        replaced = true;
        ErrorResponse error = ErrorResponse.of(problem, SojournFilter.logger());
        Headers headers = exchange.getResponseHeaders();
        error.setHeaders(scope, headers::clear, headers::set);
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(error.status(), isHead ? -1 : error.body().length);
        if (!isHead) {
            exchange.getResponseBody().write(error.body());
        }
        exchange.getResponseBody().close();
        completeResponse();
    }

    // ---- the end

    /** Saves changes made after the head, so that the client's next request finds them, then closes the body. */
    void closeBody(OutputStream body) throws IOException {
        if (replaced) {
            return;
        }
        if (isHeadSent()) {
            scope.commit();
        }
        body.close();
        completeResponse();
    }

    private void completeResponse() {
        responseComplete = true;
        closeIfDone();
    }

    /** Called when the handler has returned. It may have handed the exchange to another thread. */
    void completeHandler() {
        handlerReturned = true;
        if (closeRequested && !isHeadSent()) {
            closeExchange();
        } else {
            closeIfDone();
        }
    }

    private void closeIfDone() {
        if (responseComplete && handlerReturned) {
            close();
        }
    }

    private void close() {
        if (closed.compareAndSet(false, true)) {
            scope.close();
        }
    }

    void closeExchange() {
        if (!isHeadSent() && !handlerReturned) {
            // try (exchange) {...} closes before the filter sees the handler's exception and can still respond to it.
            closeRequested = true;
            return;
        }
        if (isHeadSent()) {
            scope.commit();
        }
        exchange.close();
        close();
    }
}
