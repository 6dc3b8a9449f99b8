package dev.sojourn.clients;

import java.io.IOException;

/** An HTTP client with a cookie jar. */
interface Client extends AutoCloseable {
    /**
     * Requests a page.
     *
     * @param url the page's URL
     * @return the body of a response with status 200
     * @throws IllegalStateException if the status is not 200
     */
    String get(String url) throws Exception;

    @Override
    default void close() throws IOException {}

    /** Returns the body if the status is 200, otherwise throws an exception. */
    static String body(int status, String body) {
        if (status != 200) {
            throw new IllegalStateException("status " + status + ": " + body);
        }
        return body;
    }

    /** Starts clients of one kind. */
    @FunctionalInterface
    interface Starter {
        Client start() throws Exception;
    }

    /**
     * A kind of client.
     *
     * @param name its name in the names of tests
     * @param version the HTTP version that it uses
     * @param link the links that it supports
     * @param starter starts a client with an empty cookie jar
     */
    record Kind(String name, Version version, Link link, Starter starter) {
        /** Returns whether a server can serve this client over a link, which is not {@code BOTH}. */
        boolean fits(AppServer.Kind server, Link serverLink) {
            return (link == Link.BOTH || link == serverLink) && (version != Version.HTTP_2 || server.speaksHttp2());
        }
    }

    /** The versions of HTTP. */
    enum Version {
        HTTP_1_0("1.0"),
        HTTP_1_1("1.1"),
        HTTP_2("2");

        private final String number;

        Version(String number) {
            this.number = number;
        }

        String number() {
            return number;
        }
    }

    /** The transport below HTTP. */
    enum Link {
        PLAIN,
        TLS,
        BOTH
    }
}
