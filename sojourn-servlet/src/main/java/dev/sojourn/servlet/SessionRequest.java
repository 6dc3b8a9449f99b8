package dev.sojourn.servlet;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/** The request that servlets see: the container's, with Sojourn's sessions instead of the container's. */
final class SessionRequest extends HttpServletRequestWrapper {
    // Read through getAttribute, which wrappers of other filters pass on.
    static final String SESSION_ATTRIBUTE = "dev.sojourn.session";
    static final String SEALED_ATTRIBUTE = "dev.sojourn.sealed";
    static final String VIEW_ATTRIBUTE = "dev.sojourn.view";

    private final RequestSession requestSession;
    private final SessionResponse response;
    /** Whether the client's token had a session; null until that is known. */
    private @Nullable Boolean requestedWasValid;

    SessionRequest(HttpServletRequest request, SessionResponse response, RequestSession requestSession) {
        super(request);
        this.requestSession = requestSession;
        this.response = response;
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return switch (name) {
            case SESSION_ATTRIBUTE -> requestSession.signedInSession();
            case SEALED_ATTRIBUTE -> requestSession.sealed();
            case VIEW_ATTRIBUTE -> requestSession.view();
            default -> name.equals(requestSession.behindFilterAttribute()) ? true : super.getAttribute(name);
        };
    }

    // ---- the drop-in session

    @Override
    public HttpSession getSession() {
        DropInSession present = existingSession();
        return present != null ? present : createSession();
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
        return create ? getSession() : existingSession();
    }

    private @Nullable DropInSession existingSession() {
        if (!requestSession.hasDropIns()) {
            return null;
        }
        DropInSession known = requestSession.dropIn();
        if (known != null && known.isValid()) {
            return known;
        }
        Session session = requestSession.session();
        wasRequestedIdValid();
        boolean exists = !session.isNew()
                || session.subject() != null
                || !session.names().isEmpty();
        return exists ? newDropIn() : null;
    }

    private DropInSession createSession() {
        Sessions sessions = requestSession.sessions();
        requestSession.scope().begin();
        requestSession.settings().containerSettings().applyTo(requestSession.session(), sessions, getServletContext());
        return newDropIn();
    }

    private DropInSession newDropIn() {
        DropInSession dropIn = new DropInSession(requestSession, getServletContext());
        requestSession.setDropIn(dropIn);
        if (dropIn.isNew()) {
            requestSession.listeners().notifyCreated(dropIn);
        }
        return dropIn;
    }

    private boolean wasRequestedIdValid() {
        if (requestedWasValid == null) {
            requestedWasValid = !requestSession.session().isNew();
        }
        return requestedWasValid;
    }

    @Override
    public String changeSessionId() {
        DropInSession present = existingSession();
        if (present == null) {
            throw new IllegalStateException("this request has no session whose id could change");
        }
        requestSession.session().changeId();
        present.notifyIfIdChanged();
        return present.getId();
    }

    /** Returns the public id of the session of the client's token; null if there is no valid token or no drop-in session. */
    @Override
    public @Nullable String getRequestedSessionId() {
        return !requestSession.hasDropIns()
                ? null
                : requestSession.scope().tokenPublicId().orElse(null);
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        DropInSession known = requestSession.dropIn();
        // As in containers, the client's old id stays valid for this request after the session got a new one.
        return getRequestedSessionId() != null && (known == null || known.isValid()) && wasRequestedIdValid();
    }

    @Override
    public boolean isRequestedSessionIdFromCookie() {
        return getRequestedSessionId() != null;
    }

    @Override
    public boolean isRequestedSessionIdFromURL() {
        return false;
    }

    // ---- dispatches

    @Override
    public @Nullable RequestDispatcher getRequestDispatcher(String path) {
        @Nullable RequestDispatcher dispatcher = super.getRequestDispatcher(path);
        return dispatcher == null ? null : new SessionDispatcher(dispatcher, requestSession);
    }

    // ---- asynchronous requests

    /**
     * Starts with this request and response, since the container's would send responses before the session is saved. For the
     * application they are the original ones.
     */
    @Override
    public AsyncContext startAsync() {
        return startAsync(this, response);
    }

    @Override
    public AsyncContext startAsync(ServletRequest given, ServletResponse givenResponse) {
        AsyncContext context = super.startAsync(given, givenResponse);
        requestSession.startAsync();
        context.addListener(requestSession);
        SessionAsyncContexts contexts = requestSession.asyncContexts();
        return given == this && givenResponse == response
                ? contexts.createWithOriginal(context)
                : contexts.create(context);
    }

    /** Returns the context that {@code startAsync} returned. A mocked request returns null where a container throws. */
    @Override
    public @Nullable AsyncContext getAsyncContext() {
        @Nullable AsyncContext context = super.getAsyncContext();
        return context == null ? null : requestSession.asyncContexts().of(context);
    }
}
