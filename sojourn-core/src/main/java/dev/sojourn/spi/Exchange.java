package dev.sojourn.spi;

import java.util.List;

/**
 * One HTTP request and the head of its response: all that an adapter must supply. Header names are matched without
 * regard to case. Header values are given as the wire's bytes, read as ISO-8859-1.
 *
 * <p>Used by one thread at a time. No method blocks.
 */
public interface Exchange {
    /**
     * The request's method.
     *
     * @return for example {@code GET}
     */
    String method();

    /**
     * The path of the request's URL.
     *
     * @return the path, undecoded, without query; {@code /} where it is empty
     */
    String path();

    /**
     * The path that the application is mounted at, on a server that holds several: a servlet container's context path. The
     * names of cookies that were given none tell applications apart by it.
     *
     * @return the path, beginning with a slash; empty for the root, and where a server holds one application
     */
    default String application() {
        return "";
    }

    /**
     * The path that the server's router chose the handler by, where it is known and may be another one: the JDK's server
     * gives a context of {@code /redeem} the request for {@code /redeemable} too. Rules for paths hold if they hold for this
     * one or for {@link #path()}.
     *
     * @return a path; by default that of the request
     */
    default String route() {
        return path();
    }

    /**
     * The values of a request header, one for each line of that name, in order.
     *
     * @param name the header's name
     * @return the values; empty where there is none
     */
    List<String> requestHeaders(String name);

    /**
     * The address of the peer on the socket, whatever the headers say.
     *
     * @return an IP address in text
     */
    String remoteAddress();

    /**
     * Whether the socket itself is encrypted, whatever the headers say.
     *
     * @return true for TLS
     */
    boolean isSecure();

    /**
     * Whether the response's head has left, so that a header can no longer be set.
     *
     * @return true once it is too late
     */
    boolean isCommitted();

    /**
     * The values of a response header as they stand now.
     *
     * @param name the header's name
     * @return the values; empty where there is none
     */
    List<String> responseHeaders(String name);

    /**
     * Replaces all lines of a response header.
     *
     * @param name the header's name
     * @param values one value a line; an empty list removes the header
     * @throws IllegalStateException if the head has left
     */
    void setResponseHeaders(String name, List<String> values);
}
