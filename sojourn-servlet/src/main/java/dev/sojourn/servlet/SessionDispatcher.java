package dev.sojourn.servlet;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/**
 * A dispatcher that saves the session before an include: during it containers accept no headers, but its output may send the
 * head.
 */
final class SessionDispatcher implements RequestDispatcher {
    private final RequestDispatcher dispatcher;
    private final RequestSession requestSession;

    SessionDispatcher(RequestDispatcher dispatcher, RequestSession requestSession) {
        this.dispatcher = dispatcher;
        this.requestSession = requestSession;
    }

    @Override
    public void forward(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        if (requestSession.isRedirected()) {
            throw new IllegalStateException("the response is committed: a redirect was sent before this forward");
        }
        dispatcher.forward(request, response);
    }

    @Override
    public void include(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        if (requestSession.saveBeforeBody()) {
            dispatcher.include(request, response);
        }
    }
}
