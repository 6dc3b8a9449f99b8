package dev.sojourn.histories;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.spi.SessionSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;

/** The HTTP server of an application process. */
final class NodeServer {
    /** Printed to standard output, with the port, when the node accepts requests. */
    static final String READY = "ready ";

    private static final int THREADS = 32;
    private static final int BACKLOG = 256;

    private NodeServer() {}

    /**
     * Serves until standard input ends, then exits the process.
     *
     * @param port the port, 0 for any free one
     * @param sessions what is mounted
     * @param handler handles every request
     * @throws IOException if the port is not available
     */
    static void run(int port, SessionSource sessions, HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        server.setExecutor(Executors.newFixedThreadPool(THREADS));
        server.createContext("/", handler).getFilters().add(new SojournFilter(sessions));
        server.start();
        System.out.println(READY + server.getAddress().getPort());
        System.out.flush();
        awaitEnd(System.in);
        Runtime.getRuntime().halt(0);
    }

    private static void awaitEnd(InputStream in) throws IOException {
        while (in.read() >= 0) {
            // waits for the end; no input is expected
        }
    }

    /** Returns the parameters of a request's query. */
    static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> parameters = new HashMap<>();
        String raw = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    /** Returns a parameter that must be there. */
    static String text(Map<String, String> query, String name) {
        return Objects.requireNonNull(query.get(name), () -> "the query does not contain " + name);
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
