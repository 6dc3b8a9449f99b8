package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;

/**
 * What is left of a request once it is over: where it went, and no head that anything could be said in.
 *
 * @param path the path of the request that the session was found in
 * @param route where its server's router sent it
 * @param remoteAddress its peer
 * @param isSecure whether it came over TLS
 */
record DetachedExchange(String path, String route, String remoteAddress, boolean isSecure) implements Exchange {
    @Override
    public String method() {
        return "GET";
    }

    @Override
    public List<String> requestHeaders(String name) {
        return List.of();
    }

    @Override
    public boolean isCommitted() {
        return true;
    }

    @Override
    public List<String> responseHeaders(String name) {
        return List.of();
    }

    @Override
    public void setResponseHeaders(String name, List<String> values) {
        throw new IllegalStateException("there is no response beyond a session's request");
    }
}
