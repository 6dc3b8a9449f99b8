package dev.sojourn.demo.servers;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.demo.web.RequestSessions;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.SessionlessPaths;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The demo on the JDK server. */
final class JdkServer implements Adapter {
    private static final int THREADS = 16;

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public RunningServer start(int port, DemoContent content) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        http.setExecutor(threads);
        for (String path : SessionlessPaths.PATHS) {
            http.createContext(path, exchange -> {
                try (exchange) {
                    send(exchange, content.sessionless().respond(new JdkRawRequest(exchange)));
                }
            });
        }
        // The exchange is not closed here: if this fails, the session filter still has to respond.
        HttpContext pages = http.createContext(
                "/",
                exchange -> send(
                        exchange, content.pages().respond(new JdkRawRequest(exchange), new JdkSessions(exchange))));
        pages.getFilters().add(new JdkJournalFilter(content.recorder()));
        pages.getFilters().add(new SojournFilter(content.sessions()));
        http.start();
        return new RunningJdkServer(http, threads);
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        response.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = response.body();
        boolean bodiless = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(response.status(), bodiless ? -1 : body.length);
        if (!bodiless) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
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

    private record RunningJdkServer(HttpServer http, ExecutorService threads) implements RunningServer {
        @Override
        public int port() {
            return http.getAddress().getPort();
        }

        @Override
        public void close() {
            http.stop(0);
            threads.shutdown();
            try {
                if (threads.awaitTermination(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            threads.shutdownNow();
        }
    }
}
