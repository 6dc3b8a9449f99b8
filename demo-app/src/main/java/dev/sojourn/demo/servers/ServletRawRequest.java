package dev.sojourn.demo.servers;

import dev.sojourn.demo.web.RawRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;

/** A request to a servlet container. */
record ServletRawRequest(HttpServletRequest request) implements RawRequest {
    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String target() {
        String query = request.getQueryString();
        return query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
    }

    @Override
    public String protocol() {
        return request.getProtocol();
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    @Override
    public InputStream body() throws IOException {
        return request.getInputStream();
    }
}
