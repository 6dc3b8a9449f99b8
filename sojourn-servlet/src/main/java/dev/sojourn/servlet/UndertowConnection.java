package dev.sojourn.servlet;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * Closes Undertow's connection after a handler failed, so that an incomplete response does not look complete. Tomcat and Jetty do
 * this themselves when a handler fails after the head was sent; Undertow ends the response normally.
 */
final class UndertowConnection {
    private static final String UNDERTOW_REQUEST = "io.undertow.servlet.spec.HttpServletRequestImpl";

    private UndertowConnection() {}

    /** Closes the connection of a request, with HTTP/2 its stream. Does nothing in other containers. */
    static void close(ServletRequest request) {
        ServletRequest at = request;
        while (at instanceof ServletRequestWrapper wrapper) {
            at = wrapper.getRequest();
        }
        if (!at.getClass().getName().equals(UNDERTOW_REQUEST)) {
            return;
        }
        try {
            Object exchange = at.getClass().getMethod("getExchange").invoke(at);
            Object connection = exchange.getClass().getMethod("getConnection").invoke(exchange);
            ((Closeable) connection).close();
        } catch (ReflectiveOperationException | IOException e) {
            SojournFilter.logger().log(Level.DEBUG, "cannot close the connection of a failed response", e);
        }
    }
}
