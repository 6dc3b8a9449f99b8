package dev.sojourn.redis;

import java.util.List;

/** Closes what the store opened, in order, and continues after failures. */
final class ClientCloser {
    /** Closes nothing: for a client that the application owns. */
    static final AutoCloseable NOTHING = () -> {};

    private ClientCloser() {}

    static void close(AutoCloseable... all) {
        for (AutoCloseable each : List.of(all)) {
            try {
                each.close();
            } catch (Exception e) {
                System.getLogger("dev.sojourn")
                        .log(System.Logger.Level.WARNING, "a connection to Redis could not be closed", e);
            }
        }
    }
}
