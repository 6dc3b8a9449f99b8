package dev.sojourn.demo.servers;

import java.io.IOException;
import java.net.BindException;

/**
 * Finds the reason why a server did not start. Each server wraps it differently, and the demo reports an unavailable
 * port in one line.
 */
final class StartFailure {
    private StartFailure() {}

    static IOException of(Exception problem) {
        for (Throwable at = problem; at != null; at = at.getCause()) {
            if (at instanceof BindException bindException) {
                return bindException;
            }
        }
        return new IOException("the server did not start: " + problem.getMessage(), problem);
    }
}
