package dev.sojourn.vertx;

import java.io.Serial;

/** Thrown on an event loop by a load that would need I/O, so that a worker repeats it. */
final class WouldBlockException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    WouldBlockException() {
        super("the load needs I/O", null, false, false);
    }
}
