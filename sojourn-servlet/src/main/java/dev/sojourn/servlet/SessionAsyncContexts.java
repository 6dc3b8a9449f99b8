package dev.sojourn.servlet;

import jakarta.servlet.AsyncContext;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous contexts of one request. However the application asks for the current one, it gets the object that the latest
 * {@code startAsync} returned.
 */
final class SessionAsyncContexts {
    private final RequestSession requestSession;
    private volatile @Nullable SessionAsyncContext latest;

    SessionAsyncContexts(RequestSession requestSession) {
        this.requestSession = requestSession;
    }

    /** Creates the context of a new asynchronous cycle. */
    AsyncContext create(AsyncContext container, boolean original) {
        SessionAsyncContext context = new SessionAsyncContext(container, requestSession, original);
        latest = context;
        return context;
    }

    /** Returns the context that wraps one of the container's. */
    AsyncContext of(AsyncContext container) {
        SessionAsyncContext known = latest;
        // A filter in front of ours may have started a cycle.
        return known != null && known.wraps(container) ? known : create(container, false);
    }
}
