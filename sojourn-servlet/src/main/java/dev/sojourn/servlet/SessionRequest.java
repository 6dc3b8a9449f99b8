package dev.sojourn.servlet;

import dev.sojourn.Session;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/** The request that servlets see: the container's, with our sessions in place of its own. */
final class SessionRequest extends HttpServletRequestWrapper {
    /** Asked for through {@code getAttribute}, which wrappers of other filters pass on. */
    static final String SESSION = "dev.sojourn.session";

    private final RequestSession visit;
    private final SessionResponse response;
    /** Whether the client came with a session, once that was asked for. */
    private @Nullable Boolean requestedWasValid;

    SessionRequest(HttpServletRequest request, SessionResponse response, RequestSession visit) {
        super(request);
        this.visit = visit;
        this.response = response;
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        if (name.equals(SESSION)) {
            return visit.sessionOfItsUser();
        }
        if (name.equals(visit.mark())) {
            return true;
        }
        return super.getAttribute(name);
    }

    // ---- the drop-in session

    @Override
    public HttpSession getSession() {
        DropInSession present = present();
        return present != null ? present : begin();
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
        return create ? getSession() : present();
    }

    private @Nullable DropInSession present() {
        DropInSession known = visit.dropIn();
        if (known != null && known.isValid()) {
            return known;
        }
        Session session = visit.session();
        requestedWasValid();
        boolean exists = !session.isNew()
                || session.subject() != null
                || !session.names().isEmpty();
        return exists ? dropIn(session.isNew()) : null;
    }

    private DropInSession begin() {
        visit.scope().begin();
        visit.settings().containers().applyTo(visit.session(), getServletContext());
        return dropIn(true);
    }

    private DropInSession dropIn(boolean isNew) {
        DropInSession dropIn = new DropInSession(visit, getServletContext(), isNew);
        visit.dropIn(dropIn);
        if (isNew) {
            visit.listeners().created(dropIn);
        }
        return dropIn;
    }

    private boolean requestedWasValid() {
        if (requestedWasValid == null) {
            requestedWasValid = !visit.session().isNew();
        }
        return requestedWasValid;
    }

    @Override
    public String changeSessionId() {
        DropInSession present = present();
        if (present == null) {
            throw new IllegalStateException("this request has no session whose id could change");
        }
        visit.session().changeId();
        present.tellOfNewId();
        return present.getId();
    }

    /** The public name of the session that the client asked for; its id stays out of reach. */
    @Override
    public @Nullable String getRequestedSessionId() {
        return visit.scope().presented().orElse(null);
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        DropInSession known = visit.dropIn();
        // After a new id the client's old one still counts for this request, as containers have it.
        return getRequestedSessionId() != null && (known == null || known.isValid()) && requestedWasValid();
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
        return dispatcher == null ? null : new SessionDispatcher(dispatcher, visit);
    }

    // ---- asynchronous requests

    /**
     * Starts with our own request and response, since the container's would let answers out unsaved. For the application
     * they are the original ones.
     */
    @Override
    public AsyncContext startAsync() {
        return startAsync(this, response);
    }

    @Override
    public AsyncContext startAsync(ServletRequest asked, ServletResponse answered) {
        AsyncContext context = super.startAsync(asked, answered);
        visit.goesOnAsynchronously();
        context.addListener(visit);
        return visit.contexts().started(context, asked == this && answered == response);
    }

    /** Returns what {@code startAsync} returned. A mocked request returns null where a container throws. */
    @Override
    public @Nullable AsyncContext getAsyncContext() {
        @Nullable AsyncContext context = super.getAsyncContext();
        return context == null ? null : visit.contexts().of(context);
    }
}
