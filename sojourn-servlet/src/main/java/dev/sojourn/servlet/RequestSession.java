package dev.sojourn.servlet;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.Sessions;
import dev.sojourn.spi.ErrorResponse;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.SessionSource;
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
 * The session of one request, over all dispatches that the container makes of the request: forwards, includes, asynchronous
 * dispatches and the error page. It saves the session before the head can be sent.
 *
 * <p>Containers hold the head back while the body fits into their buffer, and do not report when they send it. So the first
 * byte counts as the head. Until the head is really sent, a session that is created, gets a new id or ends is saved again
 * before the next byte.
 */
final class RequestSession implements AsyncListener {
    private final FilterSettings settings;
    private final DropInListeners listeners;
    private final HttpServletRequest request;
    private final ServletExchange exchange;
    private final SessionSource source;
    private final SessionScope scope;
    private HttpServletResponse response;
    private @Nullable DropInSession dropIn;
    private @Nullable SessionAsyncContexts asyncContexts;
    private boolean admitted;
    private boolean saved;
    private volatile boolean replaced;
    private volatile @Nullable Redirect pendingRedirect;
    private volatile boolean async;
    private volatile boolean closed;

    /** How a dispatch has ended. */
    enum DispatchResult {
        RETURNED,
        FAILED
    }

    RequestSession(
            FilterSettings settings,
            DropInListeners listeners,
            HttpServletRequest request,
            HttpServletResponse response) {
        this.settings = settings;
        this.listeners = listeners;
        this.request = request;
        this.response = response;
        this.exchange = new ServletExchange(request, response);
        this.source = settings.sourceOf(exchange);
        this.scope = source.open(exchange);
    }

    private RequestSession(RequestSession before, HttpServletRequest request, HttpServletResponse response) {
        this.settings = before.settings;
        this.listeners = before.listeners;
        this.request = request;
        this.response = response;
        this.exchange = before.exchange;
        before.exchange.resumeWith(response);
        this.source = before.source;
        this.scope = before.scope.next();
        this.admitted = true;
    }

    /** Returns the session of the same request after this one was closed: the container dispatches to an error page. */
    RequestSession next(HttpServletRequest nextRequest, HttpServletResponse nextResponse) {
        return new RequestSession(this, nextRequest, nextResponse);
    }

    /** Starts an asynchronous dispatch of this request. */
    void resume() {
        async = false;
    }

    /** Starts a dispatch of this request to an error page, which has another response object. */
    void resumeWith(HttpServletResponse next) {
        resume();
        response = next;
        exchange.resumeWith(next);
    }

    /** The handler continues asynchronously: this ends when the container reports completion, or with the last dispatch. */
    void startAsync() {
        async = true;
    }

    /** Returns the name of the request attribute that is set behind this filter. */
    String behindFilterAttribute() {
        return "dev.sojourn.servlet.behind." + Integer.toHexString(System.identityHashCode(settings));
    }

    boolean isClosed() {
        return closed;
    }

    boolean isHeadCommitted() {
        return closed || response.isCommitted();
    }

    /** Returns whether the response is final, so that what the handler writes from now on is discarded. */
    boolean isHeadFinal() {
        return replaced || pendingRedirect != null;
    }

    boolean isReplaced() {
        return replaced;
    }

    boolean isRedirected() {
        return pendingRedirect != null;
    }

    /**
     * Throws if a page of another site may have sent this request, or if it needs a user and has none. Its later dispatches are
     * not examined again.
     */
    void admit() {
        if (admitted) {
            return;
        }
        admitted = true;
        scope.admit(() -> settings.isProtectedElsewhere().test(request));
        scope.checkSignIn();
    }

    Session session() {
        return scope.session();
    }

    SealedSession sealed() {
        return scope.sealed();
    }

    /** Returns what a handler can read, signed in as {@link #signedInSession} is. */
    SessionView view() {
        return dropIn == null ? scope.view() : dropIn.signedInSession();
    }

    /** Returns whether this request can have an {@link HttpSession}. */
    boolean hasDropIns() {
        return source instanceof Sessions;
    }

    /**
     * Returns the sessions that keep drop-in sessions.
     *
     * @throws IllegalStateException if this filter has sessions of another kind
     */
    Sessions sessions() {
        if (source instanceof Sessions sessions) {
            return sessions;
        }
        throw new IllegalStateException("an HttpSession has to be kept in a store, and this request's sessions are "
                + source.getClass().getSimpleName()
                + ": call Sojourn.session(request), Sojourn.sealed(request) or Sojourn.view(request), whichever they"
                + " have, or mount Sessions");
    }

    /**
     * Returns the session for a handler, signed in as the subject of its drop-in session. Without this, the handler would see
     * the subject only in the next request. Does no I/O: if the drop-in session was not used, it has no subject.
     */
    Session signedInSession() {
        return dropIn == null ? session() : dropIn.signedInSession();
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

    DropInListeners listeners() {
        return listeners;
    }

    FilterSettings settings() {
        return settings;
    }

    SessionAsyncContexts asyncContexts() {
        if (asyncContexts == null) {
            asyncContexts = new SessionAsyncContexts(this);
        }
        return asyncContexts;
    }

    @Nullable
    DropInSession dropIn() {
        return dropIn;
    }

    void setDropIn(@Nullable DropInSession session) {
        dropIn = session;
    }

    /**
     * Invalidates the container's session, if there is one. FORM authentication keeps the user there, and an application that
     * invalidates its session means to sign the user out.
     */
    void invalidateContainerSession() {
        HttpSession own = request.getSession(false);
        if (own != null && !(own instanceof DropInSession)) {
            own.invalidate();
        }
    }

    // ---- the head

    /**
     * Saves the session, if necessary, before a part of the body is passed to the container.
     *
     * @return false if the part must not be sent
     */
    boolean saveBeforeBody() throws IOException {
        if (pendingRedirect != null) {
            return false;
        }
        boolean hasNewToken = scope.hasPendingToken() && !response.isCommitted();
        if (saved && !hasNewToken) {
            return !replaced;
        }
        return saveBeforeHead();
    }

    /**
     * Saves the session before the head is sent.
     *
     * @return false if an error response has replaced the handler's
     */
    boolean saveBeforeHead() throws IOException {
        if (replaced) {
            return false;
        }
        boolean wasCommitted = response.isCommitted();
        RuntimeException problem = commit();
        saved = true;
        if (problem == null) {
            return true;
        }
        if (wasCommitted) {
            throw problem;
        }
        replace(problem);
        return false;
    }

    private @Nullable RuntimeException commit() {
        try {
            if (dropIn != null) {
                dropIn.storeChanges();
                if (response.isCommitted()) {
                    dropIn.notifyIfIdChanged();
                } else {
                    dropIn.signIn();
                }
            }
            scope.commit();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    // ---- redirects

    /** A redirect that is not sent yet. */
    @FunctionalInterface
    interface Redirect {
        void send() throws IOException;
    }

    /**
     * Holds a redirect back until this dispatch ends: a client follows it immediately, and has to find what the handler changes
     * after it. Outside of a dispatch nothing reports when the handler has finished, and the redirect is sent immediately.
     */
    void redirect(Redirect redirect) throws IOException {
        pendingRedirect = redirect;
        if (async) {
            sendRedirect();
        }
    }

    /** Saves the session and sends the redirect that was held back, if there is one. */
    void sendRedirect() throws IOException {
        Redirect redirect = pendingRedirect;
        if (redirect == null) {
            return;
        }
        pendingRedirect = null;
        if (saveBeforeHead()) {
            redirect.send();
        }
    }

    /** Sets the session's headers again after the application has removed all headers. */
    void restoreHeaders() {
        if (saved) {
            scope.setTokenHeaders();
        }
    }

    /** Sends an error response instead of the handler's. What the handler writes afterwards is discarded. */
    private void replace(Throwable problem) throws IOException {
        replaced = true;
        pendingRedirect = null;
        ErrorResponse error = errorResponse(problem);
        error.setHeaders(scope, response::reset, response::setHeader);
        response.setStatus(error.status());
        byte[] body = error.body();
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
        response.flushBuffer();
    }

    private ErrorResponse errorResponse(Throwable problem) {
        ErrorResponse defaultResponse = ErrorResponse.of(problem, SojournFilter.logger());
        try {
            return Objects.requireNonNull(
                    settings.errorResponses().apply(problem, defaultResponse), "no error response");
        } catch (RuntimeException e) {
            SojournFilter.logger().log(Level.ERROR, "errorResponses failed; the default error response is sent", e);
            return defaultResponse;
        }
    }

    // ---- the end

    /** Saves the session before the container sends an error. Returns false if an error response was sent instead. */
    boolean saveBeforeError() throws IOException {
        exchange.noteFailure();
        return saveBeforeHead();
    }

    /**
     * Saves the changes of a handler that threw. Its exception then propagates to the container, as without this filter.
     *
     * @return whether an error response was sent, so that the exception must not propagate
     */
    boolean handleFailure(Throwable problem) throws IOException {
        if (replaced) {
            return true;
        }
        boolean wasCommitted = response.isCommitted();
        if (!wasCommitted && ErrorResponse.findSessionException(problem) != null) {
            commit();
            replace(problem);
            return true;
        }
        exchange.noteFailure();
        RuntimeException saveProblem = commit();
        saved = true;
        if (saveProblem == null || wasCommitted) {
            if (wasCommitted) {
                UndertowConnection.close(request);
            }
            sendRedirect();
            return false;
        }
        SojournFilter.logger().log(Level.ERROR, "a handler failed, and then its session could not be saved", problem);
        replace(saveProblem);
        return true;
    }

    /** Ends a dispatch, and this session unless the handler continues asynchronously. */
    void endDispatch(DispatchResult result) throws IOException {
        if (async) {
            sendRedirect();
            if (result == DispatchResult.FAILED && replaced && request.isAsyncStarted()) {
                // The container did not see the exception, so nothing else completes this request.
                request.getAsyncContext().complete();
            }
            return;
        }
        try {
            if (pendingRedirect != null) {
                sendRedirect();
            } else if (result == DispatchResult.RETURNED) {
                saveBeforeHead();
            }
        } finally {
            close();
        }
    }

    private void close() {
        if (!closed) {
            closed = true;
            scope.close();
            if (exchange.hasLostCookies()) {
                SojournFilter.logger()
                        .log(
                                Level.WARNING,
                                "the session cookie did not reach the client, because the response of this dispatch"
                                        + " accepts no headers: within an include, a session of another application cannot"
                                        + " be created, change its id or end. Let a separate request do that before");
            }
        }
    }

    // ---- the end of an asynchronous request

    @Override
    public void onComplete(AsyncEvent event) {
        close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // A response to the timeout is written through this session, which then completes.
    }

    @Override
    public void onError(AsyncEvent event) {
        // As with a timeout.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // SessionRequest registers this listener for each new cycle.
    }
}
