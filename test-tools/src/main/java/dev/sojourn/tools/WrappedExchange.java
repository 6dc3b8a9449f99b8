package dev.sojourn.tools;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import com.sun.net.httpserver.HttpsExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that passes every call on to another one, as a filter's wrapper does. It is secure, which the JDK's server
 * expresses by its type: TLS ended at a proxy.
 */
public class WrappedExchange extends HttpsExchange {
    private final HttpExchange inner;

    /**
     * Wraps an exchange.
     *
     * @param inner receives all calls
     */
    public WrappedExchange(HttpExchange inner) {
        this.inner = inner;
    }

    /** Throws an exception: there is no TLS session in this process. */
    @Override
    public SSLSession getSSLSession() {
        throw new UnsupportedOperationException("TLS ended at a proxy");
    }

    @Override
    public URI getRequestURI() {
        return inner.getRequestURI();
    }

    @Override
    public Headers getRequestHeaders() {
        return inner.getRequestHeaders();
    }

    @Override
    public Headers getResponseHeaders() {
        return inner.getResponseHeaders();
    }

    @Override
    public String getRequestMethod() {
        return inner.getRequestMethod();
    }

    @Override
    public HttpContext getHttpContext() {
        return inner.getHttpContext();
    }

    @Override
    public void close() {
        inner.close();
    }

    @Override
    public InputStream getRequestBody() {
        return inner.getRequestBody();
    }

    @Override
    public OutputStream getResponseBody() {
        return inner.getResponseBody();
    }

    @Override
    public void sendResponseHeaders(int status, long length) throws IOException {
        inner.sendResponseHeaders(status, length);
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return inner.getRemoteAddress();
    }

    @Override
    public int getResponseCode() {
        return inner.getResponseCode();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return inner.getLocalAddress();
    }

    @Override
    public String getProtocol() {
        return inner.getProtocol();
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return inner.getAttribute(name);
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        inner.setAttribute(name, value);
    }

    @Override
    public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
        inner.setStreams(in, out);
    }

    @Override
    public @Nullable HttpPrincipal getPrincipal() {
        return inner.getPrincipal();
    }
}
