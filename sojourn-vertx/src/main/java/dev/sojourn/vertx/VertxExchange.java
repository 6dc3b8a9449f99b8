package dev.sojourn.vertx;

import dev.sojourn.spi.Exchange;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.util.List;

/** Adapts the server's request and response to {@link Exchange}; those of a router would trust forwarded headers. */
final class VertxExchange implements Exchange {
    private final HttpServerRequest request;
    private volatile boolean failed;

    VertxExchange(HttpServerRequest request) {
        this.request = request;
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String path() {
        String path = request.path();
        return path == null || path.isEmpty() ? "/" : path;
    }

    @Override
    public List<String> requestHeaders(String name) {
        List<String> values = request.headers().getAll(name);
        // HTTP/2 calls it :authority.
        return values.isEmpty() && name.equalsIgnoreCase("Host") ? authority() : values;
    }

    private List<String> authority() {
        HostAndPort authority = request.authority();
        return authority == null ? List.of() : List.of(authority.toString());
    }

    @Override
    public String remoteAddress() {
        SocketAddress address = request.remoteAddress();
        if (address == null) {
            return "";
        }
        String ip = address.hostAddress();
        return ip == null ? String.valueOf(address.host()) : ip;
    }

    @Override
    public boolean isSecure() {
        return request.isSSL();
    }

    @Override
    public boolean isCommitted() {
        return request.response().headWritten();
    }

    /** Notes that the handler has thrown. */
    void noteFailure() {
        failed = true;
    }

    @Override
    public boolean isFailure() {
        return failed || request.response().getStatusCode() >= 400;
    }

    @Override
    public List<String> responseHeaders(String name) {
        return request.response().headers().getAll(name);
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        if (values.isEmpty()) {
            request.response().headers().remove(name);
        } else {
            request.response().headers().set(name, values);
        }
    }
}
