package dev.sojourn.demo.servers;

import java.io.IOException;
import java.net.BindException;

/** Why a server did not start. Each wraps that in its own way; the demo tells of a taken port in one line. */
final class NotStarted {
    private NotStarted() {}

    static IOException because(Exception problem) {
        for (Throwable at = problem; at != null; at = at.getCause()) {
            if (at instanceof BindException taken) {
                return taken;
            }
        }
        return new IOException("the server did not start: " + problem.getMessage(), problem);
    }
}
