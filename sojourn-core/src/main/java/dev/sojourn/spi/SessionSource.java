package dev.sojourn.spi;

import java.util.Set;

/**
 * Where an adapter gets the sessions of its requests: {@code Sessions}, sealed sessions or the views of tokens. An
 * adapter mounts any of them in the same way. Thread-safe.
 */
public interface SessionSource {
    /**
     * Opens the scope of one request. Does no I/O.
     *
     * @param exchange the request and its response
     * @return the scope, to be committed and closed by the adapter
     */
    SessionScope open(Exchange exchange);

    /**
     * Returns the names of the cookies that carry tokens or sealed sessions, for adapters that check whether their
     * server uses one of these names.
     *
     * @return the names; empty if nothing comes in a cookie
     */
    Set<String> cookieNames();

    /**
     * Returns the names of the request headers that may carry tokens: {@code Cookie}, {@code Authorization} or another.
     * For code that records requests and must not record tokens.
     *
     * @return the names; compare without regard to case
     */
    Set<String> tokenHeaders();
}
