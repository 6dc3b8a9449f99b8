package dev.sojourn.undertow;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import java.net.InetSocketAddress;

/** A real Undertow server on a free port. */
final class TestServer implements AutoCloseable {
    private final Undertow undertow;

    TestServer(HttpHandler handler) {
        undertow = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(2)
                .setWorkerThreads(8)
                .setHandler(handler)
                .build();
        undertow.start();
    }

    int port() {
        return port(undertow);
    }

    static int port(Undertow undertow) {
        return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() {
        undertow.stop();
    }
}
