package dev.sojourn.demo.servers;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.demo.web.RawRequest;
import java.io.InputStream;
import java.util.List;

/** A request to the JDK server. */
record JdkRawRequest(HttpExchange exchange) implements RawRequest {
    @Override
    public String method() {
        return exchange.getRequestMethod();
    }

    @Override
    public String target() {
        return exchange.getRequestURI().toString();
    }

    @Override
    public String protocol() {
        return exchange.getProtocol();
    }

    @Override
    public List<String> headers(String name) {
        return exchange.getRequestHeaders().getOrDefault(name, List.of());
    }

    @Override
    public InputStream body() {
        return exchange.getRequestBody();
    }
}
