package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.StoreCalls;
import java.io.IOException;

/** Starts the demo on one HTTP server with that server's session adapter. */
public interface Adapter {
    /**
     * Returns the name for {@code ADAPTER}.
     *
     * @return the name
     */
    String name();

    /**
     * Starts the server on the loopback address only, because browsers accept a Secure cookie over plain http only from
     * localhost.
     *
     * @param port the port; 0 for any free port
     * @param content the content to serve
     * @return the running server
     * @throws java.net.BindException if the port is not available
     * @throws IOException if the server cannot start for another reason
     */
    RunningServer start(int port, DemoContent content) throws IOException;

    /**
     * Returns how the server associates store calls with requests.
     *
     * @return a thread-local slot, unless the server processes a request on several threads
     */
    default StoreCalls.Slot slot() {
        return StoreCalls.Slot.threadLocal();
    }
}
