package dev.sojourn.benchmarks.lab;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
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
    public LabServer start(int port, LabContent content) {
        LOGS.forEach(each -> each.setLevel(Level.WARNING));
        ExecutorService threads = LabThreads.newExecutor();
        LabEndpoints endpoints = content.endpoints();
        HttpHandler bare = exchange -> send(
                exchange,
                endpoints.respondBare(method(exchange), exchange.getRequestPath(), exchange.getQueryString()));
        HttpHandler site = new SojournHandler(
                content.sessions(),
                exchange -> send(
                        exchange,
                        endpoints.respond(
                                method(exchange),
                                exchange.getRequestPath(),
                                exchange.getQueryString(),
                                new UndertowSessions(exchange))));
        HttpHandler blocking = new BlockingHandler(exchange ->
                (exchange.getRequestPath().equals(LabEndpoints.BARE) ? bare : site).handleRequest(exchange));
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

    private record UndertowSessions(HttpServerExchange exchange) implements RequestSessions {
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
