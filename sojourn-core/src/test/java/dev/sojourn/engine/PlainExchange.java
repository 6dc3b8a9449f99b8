package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A request that has only an address and headers, with names in lower case. */
record PlainExchange(String remoteAddress, boolean isSecure, Map<String, List<String>> headers) implements Exchange {
    static PlainExchange from(String remoteAddress, String name, String... lines) {
        return new PlainExchange(remoteAddress, false, Map.of(name.toLowerCase(Locale.ROOT), List.of(lines)));
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return "/";
    }

    @Override
    public List<String> requestHeaders(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    @Override
    public boolean isCommitted() {
        return false;
    }

    @Override
    public List<String> responseHeaders(String name) {
        return List.of();
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        throw new UnsupportedOperationException("this exchange has no response");
    }
}
