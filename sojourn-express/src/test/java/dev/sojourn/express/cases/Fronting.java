package dev.sojourn.express.cases;

import com.sun.net.httpserver.Filter;
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
 * A component in front of ours that passes another request on than the one that came: what sets {@code request.secure} or
 * {@code request.url} in Express. The request is secure, as the JDK's server says it: by its type.
 */
final class Fronting extends Filter {
    private final @Nullable URI uri;

    /** One that passes the request's URI on as it came. */
    Fronting() {
        this(null);
    }

    Fronting(@Nullable URI uri) {
        this.uri = uri;
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        chain.doFilter(new Secure(exchange, uri == null ? exchange.getRequestURI() : uri));
    }

    @Override
    public String description() {
        return "in front";
    }

    private static final class Secure extends HttpsExchange {
        private final HttpExchange inner;
        private final URI uri;

        Secure(HttpExchange inner, URI uri) {
            this.inner = inner;
            this.uri = uri;
        }

        @Override
        public SSLSession getSSLSession() {
            throw new UnsupportedOperationException("TLS ends in front");
        }

        @Override
        public URI getRequestURI() {
            return uri;
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
}
