package dev.sojourn.demo.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A request as the server received it, independent of the server's API. Used by one thread at a time. */
public interface RawRequest {
    /**
     * Returns the method.
     *
     * @return for example {@code GET}
     */
    String method();

    /**
     * Returns the request target: path and query, undecoded.
     *
     * @return for example {@code /attributes?done=saved}
     */
    String target();

    /**
     * Returns the protocol and its version.
     *
     * @return for example {@code HTTP/1.1}
     */
    String protocol();

    /**
     * Returns the values of a header, one for each header line.
     *
     * @param name the header's name, in any case
     * @return the values; empty if there are none
     */
    List<String> headers(String name);

    /**
     * Returns the unread body. A server that reads bodies in advance returns the part that it has read.
     *
     * @return the bytes; none if there is no body
     * @throws IOException if the client has disconnected
     */
    InputStream body() throws IOException;
}
