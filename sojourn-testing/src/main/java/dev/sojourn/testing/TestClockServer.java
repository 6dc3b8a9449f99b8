package dev.sojourn.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

/**
 * Moves a {@link SettableClock} over HTTP, for tests whose client runs in another process, for example a browser's: {@code POST
 * …?by=PT31M}. The response contains the new time.
 *
 * <p>It is a server of its own on the loopback interface, on a free port and a random path, so no route is added to the
 * application, and the production code cannot enable it by accident. Thread-safe.
 */
public final class TestClockServer implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofDays(3660);

    private final SettableClock clock;
    private final HttpServer server;
    private final String path = "/" + UUID.randomUUID();

    private TestClockServer(SettableClock clock, HttpServer server) {
        this.clock = clock;
        this.server = server;
    }

    /**
     * Starts the server.
     *
     * @param clock the clock that the application's sessions use
     * @return the running server
     * @throws IOException if no port is free
     */
    public static TestClockServer start(SettableClock clock) throws IOException {
        Objects.requireNonNull(clock, "clock");
        TestClockServer started = new TestClockServer(
                clock, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        started.server.createContext(started.path, started::handle);
        started.server.start();
        return started;
    }

    /**
     * Returns the address to which a client sends {@code POST} with the query {@code by} and an ISO 8601 duration, for
     * example {@code ?by=PT31M}. A negative duration moves the clock back. At most ten years in either direction.
     *
     * @return the address, without a query
     */
    public URI url() {
        return URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + path);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(path)) {
                respond(exchange, 404, "not found");
            } else if (!exchange.getRequestMethod().equals("POST")) {
                exchange.getResponseHeaders().set("Allow", "POST");
                respond(exchange, 405, "POST moves the clock");
            } else {
                move(exchange);
            }
        }
    }

    private void move(HttpExchange exchange) throws IOException {
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
        try {
            Duration by = Duration.parse(query.startsWith("by=") ? query.substring(3) : "");
            if (by.abs().compareTo(LONGEST) > 0) {
                throw new DateTimeException("too long");
            }
            clock.advance(by);
        } catch (DateTimeException | ArithmeticException e) {
            respond(
                    exchange,
                    400,
                    "expected ?by= with an ISO 8601 duration of at most ten years, for example ?by=PT31M");
            return;
        }
        respond(exchange, 200, clock.instant().toString());
    }

    private static void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** Stops the server. */
    @Override
    public void close() {
        server.stop(0);
    }
}
