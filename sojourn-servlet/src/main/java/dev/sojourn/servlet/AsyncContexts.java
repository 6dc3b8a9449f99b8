package dev.sojourn.servlet;

import jakarta.servlet.AsyncContext;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous context of a visit: whichever way the application asks for it, it gets the object that the latest
 * {@code startAsync} returned.
 */
final class AsyncContexts {
    private final RequestSession visit;
    private volatile @Nullable SessionAsyncContext latest;

    AsyncContexts(RequestSession visit) {
        this.visit = visit;
    }

    /** Returns the context of a cycle that begins. */
    AsyncContext started(AsyncContext container, boolean original) {
        SessionAsyncContext context = new SessionAsyncContext(container, visit, original);
        latest = context;
        return context;
    }

    /** Returns the context that stands for one of the container's. */
    AsyncContext of(AsyncContext container) {
        SessionAsyncContext known = latest;
        // An outer filter can have started a cycle without us.
        return known != null && known.isOver(container) ? known : started(container, false);
    }
}
