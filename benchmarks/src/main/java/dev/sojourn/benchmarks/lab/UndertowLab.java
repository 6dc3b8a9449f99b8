package dev.sojourn.benchmarks.lab;

import dev.sojourn.Sessions;
import dev.sojourn.undertow.Sojourn;
import dev.sojourn.undertow.SojournHandler;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The lab on Undertow's own handlers. */
final class UndertowLab implements LabAdapter {
    /**
     * Strong references: otherwise the loggers may be garbage collected, and their levels with them. They log start and
     * stop.
     */
    private static final List<Logger> LOGS = List.of(
            Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"), Logger.getLogger("org.jboss.threads"));

    @Override
    public String name() {
        return "undertow";
    }

    @Override
    public LabServer start(int port, Sessions sessions) {
        LOGS.forEach(each -> each.setLevel(Level.WARNING));
        ExecutorService threads = LabThreads.newExecutor();
        HttpHandler bare = exchange -> send(
                exchange,
                LabEndpoints.respondBare(method(exchange), exchange.getRequestPath(), exchange.getQueryString()));
        HttpHandler endpoints = new SojournHandler(
                sessions,
                exchange -> send(
                        exchange,
                        LabEndpoints.respond(
                                method(exchange),
                                exchange.getRequestPath(),
                                exchange.getQueryString(),
                                () -> Sojourn.session(exchange))));
        HttpHandler blocking = new BlockingHandler(exchange ->
                (exchange.getRequestPath().equals(LabEndpoints.BARE) ? bare : endpoints).handleRequest(exchange));
        Undertow undertow = Undertow.builder()
                .addHttpListener(port, LabServer.HOST)
                .setHandler(exchange -> {
                    exchange.setDispatchExecutor(threads);
                    blocking.handleRequest(exchange);
                })
                .build();
        undertow.start();
        return new RunningServer(undertow, threads);
    }

    private static String method(HttpServerExchange exchange) {
        return exchange.getRequestMethod().toString();
    }

    private static void send(HttpServerExchange exchange, LabResponse response) {
        exchange.setStatusCode(response.status());
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, LabResponse.TYPE);
        exchange.getResponseSender().send(ByteBuffer.wrap(response.body()));
    }

    private record RunningServer(Undertow undertow, ExecutorService threads) implements LabServer {
        @Override
        public int port() {
            return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
        }

        @Override
        public void close() {
            undertow.stop();
            threads.shutdownNow();
        }
    }
}
