package dev.sojourn.demo.servers;

import java.time.Duration;

/** A running server. */
public interface RunningServer extends AutoCloseable {
    /** How long running requests may take after the server was stopped. */
    Duration STOP_TIMEOUT = Duration.ofSeconds(2);

    /**
     * Returns the port.
     *
     * @return the port
     */
    int port();

    /** Waits for running requests, for {@link #STOP_TIMEOUT} at most, then stops. The store is closed afterwards. */
    @Override
    void close();
}
