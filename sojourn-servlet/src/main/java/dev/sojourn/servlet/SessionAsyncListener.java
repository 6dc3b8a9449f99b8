package dev.sojourn.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;

/** Wraps a listener of the application; its events contain a {@link SessionAsyncContext}, so that the session is saved if the
 * listener completes the response. */
final class SessionAsyncListener implements AsyncListener {
    private final AsyncListener listener;
    private final RequestSession requestSession;

    SessionAsyncListener(AsyncListener listener, RequestSession requestSession) {
        this.listener = listener;
        this.requestSession = requestSession;
    }

    private AsyncEvent withSessionContext(AsyncEvent event) {
        AsyncContext context = requestSession.asyncContexts().of(event.getAsyncContext());
        return new AsyncEvent(context, event.getSuppliedRequest(), event.getSuppliedResponse(), event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent event) throws IOException {
        listener.onComplete(withSessionContext(event));
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
        listener.onTimeout(withSessionContext(event));
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
        listener.onError(withSessionContext(event));
    }

    @Override
    public void onStartAsync(AsyncEvent event) throws IOException {
        listener.onStartAsync(withSessionContext(event));
    }
}
