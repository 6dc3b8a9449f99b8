package dev.sojourn.demo.servers;

import dev.sojourn.demo.web.Incoming;
import io.undertow.server.HttpServerExchange;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of Undertow's, on a thread that may wait. */
record UndertowIncoming(HttpServerExchange exchange) implements Incoming {
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
