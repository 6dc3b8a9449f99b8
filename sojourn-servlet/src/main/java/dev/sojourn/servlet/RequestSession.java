package dev.sojourn.servlet;

import dev.sojourn.Session;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.TypedAttributes;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request with its session, over all the dispatches that the container makes of it: forwards and includes, asynchronous
 * ones, and the error page. It knows when the head may leave, and saves before that.
 *
 * <p>Containers hold the head back while a body fits into their buffer, and tell nobody when it leaves. So the first byte
 * counts as the head; until it really leaves, a session that is begun, gets a new id or is ended later has its say before
 * the next byte.
 */
final class RequestSession implements AsyncListener {
    private final FilterSettings settings;
    private final Listeners listeners;
    private final HttpServletRequest request;
    private final ServletExchange exchange;
    private final SessionScope scope;
    private HttpServletResponse response;
    private @Nullable DropInSession dropIn;
    private @Nullable AsyncContexts contexts;
    private boolean saved;
    private volatile boolean replaced;
    private volatile @Nullable Redirect heldBack;
    private volatile boolean asynchronous;
    private volatile boolean over;

    RequestSession(
            FilterSettings settings, Listeners listeners, HttpServletRequest request, HttpServletResponse response) {
        this.settings = settings;
        this.listeners = listeners;
        this.request = request;
        this.response = response;
        this.exchange = new ServletExchange(request, response);
        this.scope = settings.sessions().open(exchange);
    }

    private RequestSession(RequestSession before, HttpServletRequest request, HttpServletResponse response) {
        this.settings = before.settings;
        this.listeners = before.listeners;
        this.request = request;
        this.response = response;
        this.exchange = before.exchange;
        before.exchange.goOnWith(response);
        this.scope = before.scope.next();
    }

    /** The container sends the request through the filters again after it was over: to an error page. */
    RequestSession again(HttpServletRequest nextRequest, HttpServletResponse nextResponse) {
        return new RequestSession(this, nextRequest, nextResponse);
    }

    /** An asynchronous dispatch or an error page of this same visit. */
    void goOn() {
        asynchronous = false;
    }

    /** The same with a response that is another object. */
    void goOnWith(HttpServletResponse next) {
        goOn();
        response = next;
        exchange.goOnWith(next);
    }

    /** The handler goes on asynchronously: this is over when the container says so, or with the last dispatch. */
    void goesOnAsynchronously() {
        asynchronous = true;
    }

    /** The attribute by which a request is known to be behind this visit's filter. */
    String mark() {
        return "dev.sojourn.servlet.behind." + Integer.toHexString(System.identityHashCode(settings));
    }

    boolean isOver() {
        return over;
    }

    boolean isHeadGone() {
        return over || response.isCommitted();
    }

    /** Whether the response is chosen, so that nothing that the handler goes on to write belongs to it. */
    boolean isAnswered() {
        return replaced || heldBack != null;
    }

    boolean isReplaced() {
        return replaced;
    }

    boolean isRedirected() {
        return heldBack != null;
    }

    Session session() {
        return scope.session();
    }

    /**
     * Returns the session for a handler, signed in to the user whom the application has put into its drop-in session by now.
     * A handler that asks who the user is gets the answer that it would otherwise get in the next request. Does no I/O: where
     * nobody has used the drop-in session, nobody has put a user into it.
     */
    Session sessionOfItsUser() {
        if (dropIn != null) {
            dropIn.signInItsUser(!isHeadGone());
        }
        return session();
    }

    TypedAttributes attributes() {
        return scope.typedAttributes();
    }

    HttpServletRequest request() {
        return request;
    }

    SessionScope scope() {
        return scope;
    }

    Listeners listeners() {
        return listeners;
    }

    FilterSettings settings() {
        return settings;
    }

    AsyncContexts contexts() {
        if (contexts == null) {
            contexts = new AsyncContexts(this);
        }
        return contexts;
    }

    @Nullable
    DropInSession dropIn() {
        return dropIn;
    }

    void dropIn(@Nullable DropInSession session) {
        dropIn = session;
    }

    /**
     * Ends the container's own session, if there is one: its FORM authentication keeps who is signed in there, and whoever
     * invalidates the session means to sign out.
     */
    void endContainersOwn() {
        HttpSession own = request.getSession(false);
        if (own != null && !(own instanceof DropInSession)) {
            own.invalidate();
        }
    }

    // ---- the head

    /** Called before a byte of the body is handed to the container. Gives false where the byte is not to be sent. */
    boolean beforeBytes() throws IOException {
        if (heldBack != null) {
            return false;
        }
        boolean amended = scope.owesToken() && !response.isCommitted();
        if (saved && !amended) {
            return !replaced;
        }
        return beforeHead();
    }

    /** Saves before the head leaves. Gives false if another answer has taken the place of the handler's. */
    boolean beforeHead() throws IOException {
        if (replaced) {
            return false;
        }
        boolean tooLate = response.isCommitted();
        RuntimeException problem = commit();
        saved = true;
        if (problem == null) {
            return true;
        }
        if (tooLate) {
            throw problem;
        }
        replace(problem);
        return false;
    }

    private @Nullable RuntimeException commit() {
        try {
            if (dropIn != null) {
                dropIn.settle(!response.isCommitted());
            }
            scope.commit();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    // ---- redirects

    /** Sends a redirect to the container. */
    @FunctionalInterface
    interface Redirect {
        void send() throws IOException;
    }

    /**
     * Holds a redirect back until this dispatch ends. A client follows it at once, and is to find what the handler changes
     * after it. Where no dispatch is under way, nothing tells when the handler is done, and it leaves now.
     */
    void redirect(Redirect redirect) throws IOException {
        heldBack = redirect;
        if (asynchronous) {
            sendRedirect();
        }
    }

    /** Saves, and sends the redirect that is held back, if there is one. */
    void sendRedirect() throws IOException {
        Redirect redirect = heldBack;
        if (redirect == null) {
            return;
        }
        heldBack = null;
        if (beforeHead()) {
            redirect.send();
        }
    }

    /** The application has thrown all headers away. */
    void headersAreGone() {
        if (saved) {
            scope.answerHeaders();
        }
    }

    /** Sends another answer than the handler's; whatever it goes on writing is swallowed. */
    private void replace(Throwable problem) throws IOException {
        replaced = true;
        heldBack = null;
        ErrorResponse answer = errorResponse(problem);
        answer.setHeaders(scope, response::reset, response::setHeader);
        response.setStatus(answer.status());
        byte[] body = answer.body();
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
        response.flushBuffer();
    }

    private ErrorResponse errorResponse(Throwable problem) {
        ErrorResponse response = ErrorResponse.of(problem, SojournFilter.log());
        try {
            return Objects.requireNonNull(settings.errorResponses().apply(problem, response), "no error response");
        } catch (RuntimeException e) {
            SojournFilter.log().log(Level.ERROR, "errorResponses failed; the default error response is sent", e);
            return response;
        }
    }

    // ---- the end

    /**
     * A handler failed. What it changed is saved; then its exception is the container's affair, as it would be without us.
     *
     * @return whether the client has its answer, so that the exception is to go no further
     */
    boolean failed(Throwable problem) throws IOException {
        if (replaced) {
            return true;
        }
        boolean tooLate = response.isCommitted();
        if (!tooLate && ErrorResponse.toldBy(problem) != null) {
            commit();
            replace(problem);
            return true;
        }
        RuntimeException worse = commit();
        saved = true;
        if (worse == null || tooLate) {
            if (tooLate) {
                BreakingOff.onUndertow(request);
            }
            sendRedirect();
            return false;
        }
        SojournFilter.log().log(Level.ERROR, "a handler failed, and then its session could not be saved", problem);
        replace(worse);
        return true;
    }

    /** A dispatch has ended; with it everything, unless the handler goes on asynchronously. */
    void leave(boolean failed) throws IOException {
        if (asynchronous) {
            sendRedirect();
            if (failed && replaced && request.isAsyncStarted()) {
                // The container did not see the exception, and nobody else is going to end this.
                request.getAsyncContext().complete();
            }
            return;
        }
        try {
            if (heldBack != null) {
                sendRedirect();
            } else if (!failed) {
                beforeHead();
            }
        } finally {
            end();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            scope.close();
            if (exchange.hasLostCookies()) {
                SojournFilter.log().log(
                        Level.WARNING,
                        "the session's cookie did not reach the client, since the response of this dispatch takes"
                                + " no headers: a session of another application cannot begin, change its id or end"
                                + " within an include. Let a request of its own do that before");
            }
        }
    }

    // ---- the end of an asynchronous request

    @Override
    public void onComplete(AsyncEvent event) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // Whoever answers for it does so through us, and then it is complete.
    }

    @Override
    public void onError(AsyncEvent event) {
        // The same.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // A new cycle is a new registration: see SessionRequest.
    }
}
