package dev.sojourn.benchmarks.lab;

import java.net.URI;

/** A running lab server. */
interface LabServer extends AutoCloseable {
    /** The loopback address only, because the lab's secret is publicly known. */
    String HOST = "127.0.0.1";

    /** Returns the port. */
    int port();

    /** Stops the server at once. */
    @Override
    void close();

    default URI address() {
        return URI.create("http://" + HOST + ":" + port());
    }
}
