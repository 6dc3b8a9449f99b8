package dev.sojourn.benchmarks.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The lab over the JDK's own server. */
final class JdkLab implements LabAdapter {
    private static final int THREADS_WITHOUT_VIRTUAL_ONES = 64;
    private static final int BACKLOG = 1024;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public LabServer start(int port, Sessions sessions) throws IOException {
        // Read once, by the server's own class. Without the first, JDK 17 takes 44 ms an answer.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
        ExecutorService threads = threads();
        server.setExecutor(threads);
        server.createContext(
                LabEndpoints.BARE,
                exchange -> answer(exchange, () -> {
                    throw new IllegalStateException(LabEndpoints.BARE + " has no session");
                }));
        server.createContext("/", exchange -> answer(exchange, () -> Sojourn.session(exchange)))
                .getFilters()
                .add(new SojournFilter(sessions));
        server.start();
        return new Running(server, threads);
    }

    private record Running(HttpServer server, ExecutorService threads) implements LabServer {
        @Override
        public int port() {
            return server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    /** Virtual threads where this JDK has them; the code is compiled for one that has not. */
    private static ExecutorService threads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return Executors.newFixedThreadPool(THREADS_WITHOUT_VIRTUAL_ONES);
        }
    }

    private static void answer(HttpExchange exchange, Supplier<Session> session) throws IOException {
        int status = 200;
        String body;
        try {
            body = LabEndpoints.answer(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestURI().getRawQuery(),
                    session);
        } catch (LabRefusal e) {
            status = e.status();
            body = e.getMessage();
        }
        send(exchange, status, body == null ? "" : body);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
