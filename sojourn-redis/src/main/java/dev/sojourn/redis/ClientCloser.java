package dev.sojourn.redis;

import java.util.List;

/** Closes what this store opened, in order, whatever fails. */
final class ClientCloser {
    /** What stands for a client that was given: it is not ours to close. */
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
