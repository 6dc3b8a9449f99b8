package dev.sojourn.demo.servers;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Outside;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The server that is part of the JDK. */
final class JdkServer implements Adapter {
    private static final int THREADS = 16;

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public Running start(int port, Served served) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        http.setExecutor(threads);
        for (String path : Outside.PATHS) {
            http.createContext(path, exchange -> {
                try (exchange) {
                    send(exchange, served.outside().answer(new JdkIncoming(exchange)));
                }
            });
        }
        // The exchange is not closed here: should this fail, the session's filter still has an answer to give.
        HttpContext pages = http.createContext(
                "/",
                exchange -> send(
                        exchange, served.pages().answer(new JdkIncoming(exchange), () -> Sojourn.session(exchange))));
        pages.getFilters().add(new JdkJournal(served.recorder()));
        pages.getFilters().add(new SojournFilter(served.sessions()));
        http.start();
        return new OnJdk(http, threads);
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = answer.body();
        boolean bodiless = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : body.length);
        if (!bodiless) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private record OnJdk(HttpServer http, ExecutorService threads) implements Running {
        @Override
        public int port() {
            return http.getAddress().getPort();
        }

        @Override
        public void close() {
            http.stop(0);
            threads.shutdown();
            try {
                if (threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            threads.shutdownNow();
        }
    }
}
