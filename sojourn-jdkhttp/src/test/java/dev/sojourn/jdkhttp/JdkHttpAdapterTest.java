package dev.sojourn.jdkhttp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

class JdkHttpAdapterTest extends AdapterContract {
    @Override
    protected Server start(SessionSource sessions, Scenario scenario) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        for (String context : List.of("/", ROUTE)) {
            server.createContext(context, exchange -> scenario.handle(new JdkHttpResponder(exchange)))
                    .getFilters()
                    .add(new SojournFilter(sessions));
        }
        server.start();
        return new Server(server.getAddress().getPort(), () -> {
            server.stop(0);
            threads.shutdownNow();
        });
    }

    private record JdkHttpResponder(HttpExchange exchange) implements Responder {
        @Override
        public String path() {
            return exchange.getRequestURI().getPath();
        }

        @Override
        public String route() {
            String context = exchange.getHttpContext().getPath();
            return context.equals(ROUTE) ? ROUTE : path();
        }

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

        @Override
        public void addHeader(String name, String value) {
            exchange.getResponseHeaders().add(name, value);
        }

        @Override
        public void send(int status, byte[] body) throws IOException {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                if (!head) {
                    out.write(body);
                }
            }
        }

        @Override
        public void send(EndpointResponse response) throws IOException {
            Sojourn.send(exchange, response);
        }

        @Override
        public void sendEmpty(int status) throws IOException {
            exchange.sendResponseHeaders(status, -1);
        }

        @Override
        public void redirect(String location) throws IOException {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(302, -1);
        }

        @Override
        public OutputStream stream(int status) throws IOException {
            exchange.sendResponseHeaders(status, 0);
            return exchange.getResponseBody();
        }
    }
}
