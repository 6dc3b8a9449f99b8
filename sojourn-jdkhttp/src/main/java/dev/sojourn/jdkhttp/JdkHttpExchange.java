package dev.sojourn.jdkhttp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import dev.sojourn.spi.Exchange;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Adapts the JDK's exchange to {@link Exchange}. */
final class JdkHttpExchange implements Exchange {
    private final HttpExchange exchange;
    private volatile boolean failed;

    JdkHttpExchange(HttpExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public String method() {
        return exchange.getRequestMethod();
    }

    @Override
    public String path() {
        String path = exchange.getRequestURI().getRawPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    /** Returns the context's path, which the server compares with the beginning of the request's, character by character. */
    @Override
    public String routePath() {
        return exchange.getHttpContext().getPath();
    }

    @Override
    public List<String> requestHeaders(String name) {
        List<String> values = exchange.getRequestHeaders().get(name);
        return values == null ? List.of() : values;
    }

    @Override
    public String remoteAddress() {
        InetAddress address = exchange.getRemoteAddress().getAddress();
        return address == null ? exchange.getRemoteAddress().getHostString() : address.getHostAddress();
    }

    @Override
    public boolean isSecure() {
        return exchange instanceof HttpsExchange;
    }

    @Override
    public boolean isCommitted() {
        return exchange.getResponseCode() != -1;
    }

    /** Notes that the handler has thrown or sends an error: the server learns of a status no earlier than with the head. */
    void noteFailure() {
        failed = true;
    }

    @Override
    public boolean isFailure() {
        return failed;
    }

    @Override
    public List<String> responseHeaders(String name) {
        List<String> values = exchange.getResponseHeaders().get(name);
        return values == null ? List.of() : values;
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        if (values.isEmpty()) {
            exchange.getResponseHeaders().remove(name);
        } else {
            exchange.getResponseHeaders().put(name, new ArrayList<>(values));
        }
    }
}
