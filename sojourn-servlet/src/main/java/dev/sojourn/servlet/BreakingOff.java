package dev.sojourn.servlet;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * Half an answer must not look like a whole one. Where a handler fails after the head has left, Tomcat and Jetty break the
 * connection; Undertow ends the answer in good order, unless it is told.
 */
final class BreakingOff {
    private static final String UNDERTOWS = "io.undertow.servlet.spec.HttpServletRequestImpl";

    private BreakingOff() {}

    /** Ends this answer's connection, with HTTP/2 its stream. Does nothing in other containers. */
    static void onUndertow(ServletRequest request) {
        ServletRequest at = request;
        while (at instanceof ServletRequestWrapper wrapper) {
            at = wrapper.getRequest();
        }
        if (!at.getClass().getName().equals(UNDERTOWS)) {
            return;
        }
        try {
            Object exchange = at.getClass().getMethod("getExchange").invoke(at);
            Object connection = exchange.getClass().getMethod("getConnection").invoke(exchange);
            ((Closeable) connection).close();
        } catch (ReflectiveOperationException | IOException e) {
            SojournFilter.log().log(Level.DEBUG, "an answer could not be broken off", e);
        }
    }
}
