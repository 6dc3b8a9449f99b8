package dev.sojourn.demo.servers;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.demo.web.RequestSessions;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.SessionlessPaths;
import dev.sojourn.undertow.Sojourn;
import dev.sojourn.undertow.SojournHandler;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The demo on Undertow's own handlers. */
final class UndertowServer implements Adapter {
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
    public RunningServer start(int port, DemoContent content) throws IOException {
        LOGS.forEach(each -> each.setLevel(Level.WARNING));
        GracefulShutdownHandler site = new GracefulShutdownHandler(new BlockingHandler(site(content)));
        Undertow undertow = Undertow.builder()
                .addHttpListener(port, InetAddress.getLoopbackAddress().getHostAddress())
                .setHandler(site)
                .build();
        try {
            undertow.start();
            return new RunningUndertow(undertow, site);
        } catch (RuntimeException e) {
            undertow.stop();
            throw StartFailure.of(e);
        }
    }

    private static HttpHandler site(DemoContent content) {
        HttpHandler sessionless =
                exchange -> send(exchange, content.sessionless().respond(new UndertowRawRequest(exchange)));
        HttpHandler pages = exchange -> send(
                exchange, content.pages().respond(new UndertowRawRequest(exchange), new UndertowSessions(exchange)));
        HttpHandler site =
                new UndertowJournalHandler(content.recorder(), new SojournHandler(content.sessions(), pages));
        return exchange ->
                (SessionlessPaths.contains(exchange.getRequestPath()) ? sessionless : site).handleRequest(exchange);
    }

    private static void send(HttpServerExchange exchange, Response response) {
        exchange.setStatusCode(response.status());
        response.headers()
                .forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        if (response.body().length > 0 && !exchange.getRequestMethod().equals(Methods.HEAD)) {
            exchange.getResponseSender().send(ByteBuffer.wrap(response.body()));
        } else {
            exchange.endExchange();
        }
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

    private record RunningUndertow(Undertow undertow, GracefulShutdownHandler site) implements RunningServer {
        @Override
        public int port() {
            return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
        }

        @Override
        public void close() {
            site.shutdown();
            try {
                site.awaitShutdown(STOP_TIMEOUT.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            undertow.stop();
        }
    }
}
