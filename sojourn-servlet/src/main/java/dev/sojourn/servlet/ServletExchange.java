package dev.sojourn.servlet;

import dev.sojourn.spi.Exchange;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adapts the container's request and response to {@link Exchange}. */
final class ServletExchange implements Exchange {
    private final HttpServletRequest request;
    /** Read early: once the request is asynchronous, Jetty's ee9 no longer knows its context. */
    private final String application;

    private HttpServletResponse response;
    private boolean failed;
    /** Whether the response ignored the cookies that were set last. */
    private boolean cookiesLost;

    ServletExchange(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.application = request.getServletContext().getContextPath();
        this.response = response;
    }

    /** Continues with the response of another dispatch of the same request. */
    void resumeWith(HttpServletResponse next) {
        response = next;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String path() {
        String path = request.getRequestURI();
        return path == null || path.isEmpty() ? "/" : path;
    }

    @Override
    public String applicationPath() {
        return application;
    }

    @Override
    public List<String> requestHeaders(String name) {
        @Nullable Enumeration<String> values = request.getHeaders(name);
        List<String> found = values == null || !values.hasMoreElements() ? List.of() : Collections.list(values);
        return found.isEmpty() && name.equalsIgnoreCase("Host") ? authority() : found;
    }

    /** HTTP/2 has no Host header; the container knows the host from {@code :authority}. */
    private List<String> authority() {
        @Nullable String host = request.getServerName();
        return host == null || host.isEmpty() ? List.of() : List.of(host + ":" + request.getServerPort());
    }

    @Override
    public String remoteAddress() {
        return String.valueOf(request.getRemoteAddr());
    }

    @Override
    public boolean isSecure() {
        return request.isSecure();
    }

    @Override
    public boolean isCommitted() {
        return response.isCommitted();
    }

    /** Notes that the handler has thrown, or that an error is about to be sent, before the response has a status. */
    void noteFailure() {
        failed = true;
    }

    @Override
    public boolean isFailure() {
        return failed || response.getStatus() >= 400;
    }

    @Override
    public List<String> responseHeaders(String name) {
        return List.copyOf(response.getHeaders(name));
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        set(name, values);
        if (name.equals("Set-Cookie")) {
            cookiesLost = !responseHeaders(name).containsAll(values);
        }
    }

    /**
     * Returns whether the client does not get the cookies that were set: in an include of another application, the response
     * silently ignores headers.
     */
    boolean hasLostCookies() {
        return cookiesLost;
    }

    private void set(String name, List<String> values) {
        // Undertow accepts no second value once a body of announced length was written completely.
        if (values.equals(responseHeaders(name))) {
            return;
        }
        if (values.isEmpty()) {
            response.setHeader(name, null);
            return;
        }
        response.setHeader(name, values.get(0));
        values.subList(1, values.size()).forEach(value -> response.addHeader(name, value));
    }
}
