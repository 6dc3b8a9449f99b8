package dev.sojourn.helidon;

import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import java.util.function.Consumer;

/** A real Helidon server on a free port. */
final class TestServer implements AutoCloseable {
    private final WebServer server;

    TestServer(Consumer<HttpRouting.Builder> routing) {
        server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .shutdownHook(false)
                .directHandlers(TestServer::hideMessages)
                .routing(routing)
                .build()
                .start();
    }

    int port() {
        return server.port();
    }

    /** Hides exception messages, which Helidon before 4.5 sends to the client by default. */
    private static void hideMessages(DirectHandlers.Builder handlers) {
        DirectHandler silent = (request, type, status, headers, message) -> TransportResponse.builder()
                .status(status)
                .headers(headers)
                .keepAlive(true)
                .build();
        handlers.addHandler(EventType.INTERNAL_ERROR, silent);
    }

    @Override
    public void close() {
        server.stop();
    }
}
