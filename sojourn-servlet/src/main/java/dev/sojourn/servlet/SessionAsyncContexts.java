package dev.sojourn.servlet;

import jakarta.servlet.AsyncContext;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous contexts of one request. The application always gets the object that the latest {@code startAsync} returned,
 * whichever request it gets the context from.
 */
final class SessionAsyncContexts {
    private final RequestSession requestSession;
    private volatile @Nullable SessionAsyncContext latest;

    SessionAsyncContexts(RequestSession requestSession) {
        this.requestSession = requestSession;
    }

    /** Creates the context of a new asynchronous cycle with a request or response of the application. */
    AsyncContext create(AsyncContext container) {
        return setLatest(new SessionAsyncContext(container, requestSession, false));
    }

    /** Creates the context of a new asynchronous cycle with the request and the response that the filter passed on. */
    AsyncContext createWithOriginal(AsyncContext container) {
        return setLatest(new SessionAsyncContext(container, requestSession, true));
    }

    private AsyncContext setLatest(SessionAsyncContext context) {
        latest = context;
        return context;
    }

    /** Returns the context that wraps one of the container's. */
    AsyncContext of(AsyncContext container) {
        SessionAsyncContext known = latest;
        // A filter before this one may have started a cycle.
        return known != null && known.wraps(container) ? known : create(container);
    }
}
