package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;

/** The adapter's exchange, with the client's address and scheme as reported by trusted proxies. */
final class ProxiedExchange implements Exchange {
    private final Exchange exchange;
    private final TrustedProxies proxies;

    ProxiedExchange(Exchange exchange, TrustedProxies proxies) {
        this.exchange = exchange;
        this.proxies = proxies;
    }

    @Override
    public boolean isSecure() {
        return proxies.secure(exchange);
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String path() {
        return exchange.path();
    }

    @Override
    public String applicationPath() {
        return exchange.applicationPath();
    }

    @Override
    public String routePath() {
        return exchange.routePath();
    }

    @Override
    public List<String> requestHeaders(String name) {
        return exchange.requestHeaders(name);
    }

    /** Returns the client's address as reported by trusted proxies. */
    @Override
    public String remoteAddress() {
        return proxies.clientAddress(exchange);
    }

    boolean cameThroughProxy() {
        return proxies.areBetween(exchange);
    }

    @Override
    public boolean isCommitted() {
        return exchange.isCommitted();
    }

    @Override
    public boolean isFailure() {
        return exchange.isFailure();
    }

    @Override
    public List<String> responseHeaders(String name) {
        return exchange.responseHeaders(name);
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        exchange.setResponseHeaders(name, values);
    }
}
