package dev.sojourn.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The container's asynchronous context, with the session saved before the response completes. */
final class SessionAsyncContext implements AsyncContext {
    private final AsyncContext context;
    private final RequestSession requestSession;
    private final boolean original;

    /**
     * Creates a wrapper of the container's context.
     *
     * @param original whether it was started with the request and the response that the filter passed on
     */
    SessionAsyncContext(AsyncContext context, RequestSession requestSession, boolean original) {
        this.context = context;
        this.requestSession = requestSession;
        this.original = original;
    }

    boolean wraps(AsyncContext container) {
        return context == container;
    }

    @Override
    public void complete() {
        try {
            requestSession.saveBeforeHead();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            context.complete();
        }
    }

    @Override
    public ServletRequest getRequest() {
        return context.getRequest();
    }

    @Override
    public ServletResponse getResponse() {
        return context.getResponse();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return original || context.hasOriginalRequestAndResponse();
    }

    @Override
    public void dispatch() {
        context.dispatch();
    }

    @Override
    public void dispatch(String path) {
        context.dispatch(path);
    }

    @Override
    public void dispatch(ServletContext other, String path) {
        context.dispatch(other, path);
    }

    @Override
    public void start(Runnable run) {
        context.start(run);
    }

    @Override
    public void addListener(AsyncListener listener) {
        context.addListener(new SessionAsyncListener(listener, requestSession));
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse response) {
        context.addListener(new SessionAsyncListener(listener, requestSession), request, response);
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return context.createListener(type);
    }

    @Override
    public void setTimeout(long millis) {
        context.setTimeout(millis);
    }

    @Override
    public long getTimeout() {
        return context.getTimeout();
    }
}
