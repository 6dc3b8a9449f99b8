package dev.sojourn.undertow;

import dev.sojourn.spi.Exchange;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Adapts Undertow's exchange to {@link Exchange}. The remote address is the connection's, not the one that a proxy handler
 * set from headers: whether a proxy is trusted depends on the real sender. {@link #isSecure()} does follow such a handler,
 * since the application installed it.
 */
final class UndertowExchange implements Exchange {
    private final HttpServerExchange exchange;

    UndertowExchange(HttpServerExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public String method() {
        return exchange.getRequestMethod().toString();
    }

    @Override
    public String path() {
        String uri = exchange.getRequestURI();
        if (exchange.isHostIncludedInRequestURI()) {
            int slash = uri.indexOf('/', uri.indexOf("://") + 3);
            uri = slash < 0 ? "" : uri.substring(slash);
        }
        return uri.isEmpty() ? "/" : uri;
    }

    @Override
    public List<String> requestHeaders(String name) {
        HeaderValues values = exchange.getRequestHeaders().get(name);
        return values == null ? List.of() : List.copyOf(values);
    }

    @Override
    public String remoteAddress() {
        InetSocketAddress peer = exchange.getConnection().getPeerAddress(InetSocketAddress.class);
        if (peer == null) {
            return "";
        }
        InetAddress address = peer.getAddress();
        return address == null ? peer.getHostString() : address.getHostAddress();
    }

    @Override
    public boolean isSecure() {
        return exchange.getConnection().getSslSession() != null || exchange.isSecure();
    }

    @Override
    public boolean isCommitted() {
        return exchange.isResponseStarted();
    }

    /** Undertow sets the status 500 before a handler's exception gets here. */
    @Override
    public boolean isFailure() {
        return exchange.getStatusCode() >= 400;
    }

    @Override
    public List<String> responseHeaders(String name) {
        HeaderValues values = exchange.getResponseHeaders().get(name);
        return values == null ? List.of() : List.copyOf(values);
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        HttpString key = HttpString.tryFromString(name);
        exchange.getResponseHeaders().remove(key);
        if (!values.isEmpty()) {
            exchange.getResponseHeaders().putAll(key, values);
        }
    }
}
