package dev.sojourn.benchmarks.lab;

import java.net.URI;

/** A lab server that answers. */
interface LabServer extends AutoCloseable {
    /** The port it listens on. */
    int port();

    /** Stops it at once. */
    @Override
    void close();

    default URI address() {
        return URI.create("http://127.0.0.1:" + port());
    }
}
