package dev.sojourn.benchmarks.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** The lab on the JDK server. */
final class JdkLab implements LabAdapter {
    private static final int BACKLOG = 1024;

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public LabServer start(int port, LabContent content) throws IOException {
        // The server reads these once. Without the first, JDK 17 delays every response by 44 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        ExecutorService threads = LabThreads.newExecutor();
        server.setExecutor(threads);
        LabEndpoints endpoints = content.endpoints();
        server.createContext(
                LabEndpoints.BARE,
                exchange -> send(
                        exchange, endpoints.respondBare(exchange.getRequestMethod(), path(exchange), query(exchange))));
        server.createContext(
                        "/",
                        exchange -> send(
                                exchange,
                                endpoints.respond(
                                        exchange.getRequestMethod(),
                                        path(exchange),
                                        query(exchange),
                                        new JdkSessions(exchange))))
                .getFilters()
                .add(new SojournFilter(content.sessions()));
        server.start();
        return new RunningServer(server, threads);
    }

    private record JdkSessions(HttpExchange exchange) implements RequestSessions {
        @Override
        public Session session() {
            return Sojourn.session(exchange);
        }

        @Override
        public SealedSession sealed() {
            return Sojourn.sealed(exchange);
        }

        @Override
        public SessionView view() {
            return Sojourn.view(exchange);
        }
    }

    private record RunningServer(HttpServer server, ExecutorService threads) implements LabServer {
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

    private static void send(HttpExchange exchange, LabResponse response) throws IOException {
        byte[] body = response.body();
        exchange.getResponseHeaders().set("Content-Type", LabResponse.TYPE);
        exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }
}
