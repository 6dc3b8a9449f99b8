package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;

/**
 * The rest of a request after its end: its path and peer, and no response.
 *
 * @param path the path of the request in which the session was found
 * @param routePath the path to which its server's router sent it
 * @param remoteAddress its peer
 * @param isSecure whether it used TLS
 */
record DetachedExchange(String path, String routePath, String remoteAddress, boolean isSecure) implements Exchange {
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
        throw new IllegalStateException("a detached session has no response");
    }
}
