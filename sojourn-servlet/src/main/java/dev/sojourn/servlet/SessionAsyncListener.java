package dev.sojourn.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;

/** An application's listener, whose events lead to our context: one that completes the answer has the session saved. */
final class SessionAsyncListener implements AsyncListener {
    private final AsyncListener listener;
    private final RequestSession visit;

    SessionAsyncListener(AsyncListener listener, RequestSession visit) {
        this.listener = listener;
        this.visit = visit;
    }

    private AsyncEvent ours(AsyncEvent event) {
        AsyncContext context = visit.contexts().of(event.getAsyncContext());
        return new AsyncEvent(context, event.getSuppliedRequest(), event.getSuppliedResponse(), event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent event) throws IOException {
        listener.onComplete(ours(event));
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
        listener.onTimeout(ours(event));
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
        listener.onError(ours(event));
    }

    @Override
    public void onStartAsync(AsyncEvent event) throws IOException {
        listener.onStartAsync(ours(event));
    }
}
