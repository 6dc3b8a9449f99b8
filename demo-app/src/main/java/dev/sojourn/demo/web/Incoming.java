package dev.sojourn.demo.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A request as it came, in no server's words: all that a server must supply. Used by one thread at a time. */
public interface Incoming {
    /**
     * The method.
     *
     * @return for example {@code GET}
     */
    String method();

    /**
     * Path and query, as they came.
     *
     * @return for example {@code /attributes?done=saved}
     */
    String target();

    /**
     * The protocol and its version.
     *
     * @return for example {@code HTTP/1.1}
     */
    String protocol();

    /**
     * The values of a header, one for each line of that name.
     *
     * @param name the header's name, in whatever case
     * @return the values; empty where there is none
     */
    List<String> headers(String name);

    /**
     * The body, which nobody has read before. A server that reads it ahead hands over what it has read.
     *
     * @return the bytes; none where there is no body
     * @throws IOException if the client is gone
     */
    InputStream body() throws IOException;
}
