package dev.sojourn.demo.servers;

import dev.sojourn.demo.web.RawRequest;
import io.undertow.server.HttpServerExchange;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to Undertow, on a thread that may block. */
record UndertowRawRequest(HttpServerExchange exchange) implements RawRequest {
    @Override
    public String method() {
        return exchange.getRequestMethod().toString();
    }

    @Override
    public String target() {
        String query = exchange.getQueryString();
        return query.isEmpty() ? exchange.getRequestURI() : exchange.getRequestURI() + "?" + query;
    }

    @Override
    public String protocol() {
        return exchange.getProtocol().toString();
    }

    @Override
    public List<String> headers(String name) {
        @Nullable List<String> values = exchange.getRequestHeaders().get(name);
        return values == null ? List.of() : values;
    }

    @Override
    public InputStream body() {
        return exchange.getInputStream();
    }
}
