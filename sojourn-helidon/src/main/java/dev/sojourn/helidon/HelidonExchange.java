package dev.sojourn.helidon;

import dev.sojourn.spi.Exchange;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/** Adapts Helidon's request and response to {@link Exchange}. */
final class HelidonExchange implements Exchange {
    private final RoutingRequest request;
    private final ServerResponse response;
    /** The path as the client sent it: a handler may reroute. */
    private final String path;

    private boolean flushed;
    /** Whether the handler has thrown. */
    private boolean failed;

    HelidonExchange(RoutingRequest request, ServerResponse response) {
        this.request = request;
        this.response = response;
        this.path = request.prologue().uriPath().rawPath();
    }

    @Override
    public String method() {
        return request.prologue().method().text();
    }

    @Override
    public String path() {
        return path.isEmpty() ? "/" : path;
    }

    @Override
    public List<String> requestHeaders(String name) {
        List<String> values = request.headers().all(HeaderNames.create(name), List::of);
        return values.isEmpty() && name.equalsIgnoreCase("Host") ? authority() : values;
    }

    /** HTTP/2 has no Host header. */
    private List<String> authority() {
        String authority = request.authority();
        return authority == null || authority.isEmpty() ? List.of() : List.of(authority);
    }

    @Override
    public String remoteAddress() {
        SocketAddress peer = request.remotePeer().address();
        if (!(peer instanceof InetSocketAddress inet)) {
            return "";
        }
        InetAddress address = inet.getAddress();
        return address == null ? inet.getHostString() : address.getHostAddress();
    }

    @Override
    public boolean isSecure() {
        return request.isSecure();
    }

    /** Also true after a stream was flushed before its first byte, which Helidon does not report. */
    @Override
    public boolean isCommitted() {
        return flushed || response.isSent() || response.bytesWritten() > 0;
    }

    void markFlushed() {
        flushed = true;
    }

    void noteFailure() {
        failed = true;
    }

    @Override
    public boolean isFailure() {
        return failed || response.status().code() >= 400;
    }

    @Override
    public List<String> responseHeaders(String name) {
        return response.headers().all(HeaderNames.create(name), List::of);
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        HeaderName key = HeaderNames.create(name);
        response.headers().remove(key);
        if (!values.isEmpty()) {
            response.headers().set(key, values);
        }
    }
}
