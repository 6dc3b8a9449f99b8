package dev.sojourn.spi;

import java.util.List;

/**
 * One HTTP request and the head of its response: everything that an adapter must provide. Header names are matched
 * without regard to case. Header values are the raw bytes, decoded as ISO-8859-1.
 *
 * <p>Used by one thread at a time. No method blocks.
 */
public interface Exchange {
    /**
     * Returns the request's method.
     *
     * @return for example {@code GET}
     */
    String method();

    /**
     * Returns the path of the request's URL.
     *
     * @return the path, undecoded, without query; {@code /} if it is empty
     */
    String path();

    /**
     * Returns the path at which the application is mounted on a server with several applications: a servlet container's
     * context path. Default cookie names contain it, so that applications do not share a cookie.
     *
     * @return the path, beginning with a slash; empty for the root, and on a server with one application
     */
    default String applicationPath() {
        return "";
    }

    /**
     * Returns the path by which the server's router chose the handler, if it is known and may differ: the JDK's server
     * passes a request for {@code /redeemable} to a context of {@code /redeem}. A path rule applies if it matches this
     * path or {@link #path()}.
     *
     * @return a path; by default the request's
     */
    default String routePath() {
        return path();
    }

    /**
     * Returns the values of a request header, one for each line of that name, in order.
     *
     * @param name the header's name
     * @return the values; empty if there is none
     */
    List<String> requestHeaders(String name);

    /**
     * Returns the address of the socket's peer, regardless of headers.
     *
     * @return an IP address as text
     */
    String remoteAddress();

    /**
     * Returns whether the socket itself is encrypted, regardless of headers.
     *
     * @return true for TLS
     */
    boolean isSecure();

    /**
     * Returns whether the response's head was sent, so that a header can no longer be set.
     *
     * @return true once it is too late
     */
    boolean isCommitted();

    /**
     * Returns whether the response reports a failure: its status is 400 or higher, or the handler has thrown an exception. Known
     * at the latest when {@link SessionScope#commit} is called for the head. A new session that has no tokens yet is then
     * dropped where the application issues them ({@link dev.sojourn.TokenSessions}), rather than reported as an error.
     *
     * @return true if it is known to be one; by default false
     */
    default boolean isFailure() {
        return false;
    }

    /**
     * Returns the present values of a response header.
     *
     * @param name the header's name
     * @return the values; empty if there is none
     */
    List<String> responseHeaders(String name);

    /**
     * Replaces all lines of a response header.
     *
     * @param name the header's name
     * @param values one value for each line; an empty list removes the header
     * @throws IllegalStateException if the head was already sent
     */
    void setResponseHeaders(String name, List<String> values);
}
