package dev.sojourn.benchmarks.lab;

import java.net.URI;

/** A lab server that answers. */
interface LabServer extends AutoCloseable {
    /** This machine only: the lab's secret is known to all. */
    String HOST = "127.0.0.1";

    /** The port it listens on. */
    int port();

    /** Stops it at once. */
    @Override
    void close();

    default URI address() {
        return URI.create("http://" + HOST + ":" + port());
    }
}
