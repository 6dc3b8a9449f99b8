package dev.sojourn.clients;

import java.io.IOException;

/** An HTTP client with a place for cookies. */
interface Client extends AutoCloseable {
    /**
     * Asks for a page.
     *
     * @param url its address
     * @return the body of an answer that says 200
     * @throws IllegalStateException if the answer says anything else
     */
    String get(String url) throws Exception;

    @Override
    default void close() throws IOException {}

    /** The body, if the status is 200. */
    static String body(int status, String body) {
        if (status != 200) {
            throw new IllegalStateException("the answer says " + status + ": " + body);
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
     * @param name what it is called in a test's name
     * @param version the protocol's version that it speaks
     * @param over what it speaks it over
     * @param starter starts one with an empty place for cookies
     */
    record Kind(String name, Version version, Over over, Starter starter) {
        /** Whether a server can answer it. */
        boolean fits(AppServer.Kind server, Over link) {
            return (over == Over.BOTH || over == link) && (version != Version.HTTP_2 || server.speaksHttp2());
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

    /** What is below HTTP. */
    enum Over {
        PLAIN,
        TLS,
        BOTH
    }
}
