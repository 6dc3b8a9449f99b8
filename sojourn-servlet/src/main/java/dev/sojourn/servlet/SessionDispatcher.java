package dev.sojourn.servlet;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/** Saves before an include: while one runs, containers take no headers, yet what it writes may make the head leave. */
final class SessionDispatcher implements RequestDispatcher {
    private final RequestDispatcher dispatcher;
    private final RequestSession visit;

    SessionDispatcher(RequestDispatcher dispatcher, RequestSession visit) {
        this.dispatcher = dispatcher;
        this.visit = visit;
    }

    @Override
    public void forward(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        if (visit.isRedirected()) {
            throw new IllegalStateException("the response is committed: a redirect was sent before this forward");
        }
        dispatcher.forward(request, response);
    }

    @Override
    public void include(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        if (visit.beforeBytes()) {
            dispatcher.include(request, response);
        }
    }
}
