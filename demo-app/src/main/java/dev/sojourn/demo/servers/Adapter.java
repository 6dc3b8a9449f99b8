package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.StoreCalls;
import java.io.IOException;

/** One HTTP server, with sessions by its own adapter. */
public interface Adapter {
    /**
     * What {@code ADAPTER} calls it.
     *
     * @return the name
     */
    String name();

    /**
     * Starts the server, on this machine's loopback address only: browsers take a Secure cookie over plain http from
     * localhost alone.
     *
     * @param port where to listen; 0 for any free port
     * @param served what it serves
     * @return the running server
     * @throws java.net.BindException if the port cannot be had
     * @throws IOException if something else is in the way
     */
    Running start(int port, Served served) throws IOException;

    /**
     * How store calls are told apart by request.
     *
     * @return by thread, unless a server does a request's work on several
     */
    default StoreCalls.Slot slot() {
        return StoreCalls.Slot.ofThread();
    }
}
