package dev.sojourn.demo.servers;

import java.time.Duration;

/** A server that answers. */
public interface Running extends AutoCloseable {
    /** How long requests that are under way have to come to their end. */
    Duration PATIENCE = Duration.ofSeconds(2);

    /**
     * Where it listens.
     *
     * @return the port
     */
    int port();

    /** Lets requests that are under way come to their end, for {@link #PATIENCE} at most: the store is closed after this. */
    @Override
    void close();
}
