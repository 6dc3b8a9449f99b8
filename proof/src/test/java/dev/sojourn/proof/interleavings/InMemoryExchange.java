package dev.sojourn.proof.interleavings;

import dev.sojourn.spi.Exchange;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request over https with a cookie, and its response's headers: what an adapter would hand to the engine. */
final class InMemoryExchange implements Exchange {
    private final Map<String, List<String>> response = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final @Nullable String cookie;

    InMemoryExchange(@Nullable String cookie) {
        this.cookie = cookie;
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String path() {
        return "/";
    }

    @Override
    public List<String> requestHeaders(String name) {
        return name.toLowerCase(Locale.ROOT).equals("cookie") && cookie != null ? List.of(cookie) : List.of();
    }

    @Override
    public String remoteAddress() {
        return "192.0.2.1";
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    @Override
    public boolean isCommitted() {
        return false;
    }

    @Override
    public List<String> responseHeaders(String name) {
        return response.getOrDefault(name, List.of());
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        response.put(name, values);
    }
}
