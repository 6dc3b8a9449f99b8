package dev.sojourn.benchmarks.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** The lab over the JDK's own server. */
final class JdkLab implements LabAdapter {
    private static final int BACKLOG = 1024;

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public LabServer start(int port, Sessions sessions) throws IOException {
        // Read once, by the server's own class. Without the first, JDK 17 takes 44 ms an answer.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        ExecutorService threads = LabThreads.start();
        server.setExecutor(threads);
        server.createContext(
                LabEndpoints.BARE,
                exchange -> send(
                        exchange,
                        LabEndpoints.answerBare(exchange.getRequestMethod(), path(exchange), query(exchange))));
        server.createContext(
                        "/",
                        exchange -> send(
                                exchange,
                                LabEndpoints.answer(
                                        exchange.getRequestMethod(),
                                        path(exchange),
                                        query(exchange),
                                        () -> Sojourn.session(exchange))))
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

    private static String path(HttpExchange exchange) {
        return exchange.getRequestURI().getPath();
    }

    private static @Nullable String query(HttpExchange exchange) {
        return exchange.getRequestURI().getRawQuery();
    }

    private static void send(HttpExchange exchange, LabAnswer answer) throws IOException {
        byte[] body = answer.body();
        exchange.getResponseHeaders().set("Content-Type", LabAnswer.TYPE);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }
}
