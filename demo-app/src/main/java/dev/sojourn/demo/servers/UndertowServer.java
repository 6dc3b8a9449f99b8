package dev.sojourn.demo.servers;

import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Outside;
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

/** Undertow, by handlers of its own. */
final class UndertowServer implements Adapter {
    /** Held, so that their level is not forgotten: they tell of their start and their end. */
    private static final List<Logger> LOGS = List.of(
            Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"), Logger.getLogger("org.jboss.threads"));

    @Override
    public String name() {
        return "undertow";
    }

    @Override
    public Running start(int port, Served served) throws IOException {
        LOGS.forEach(each -> each.setLevel(Level.WARNING));
        GracefulShutdownHandler site = new GracefulShutdownHandler(new BlockingHandler(site(served)));
        Undertow undertow = Undertow.builder()
                .addHttpListener(port, InetAddress.getLoopbackAddress().getHostAddress())
                .setHandler(site)
                .build();
        try {
            undertow.start();
            return new OnUndertow(undertow, site);
        } catch (RuntimeException e) {
            undertow.stop();
            throw NotStarted.because(e);
        }
    }

    private static HttpHandler site(Served served) {
        HttpHandler outside = exchange -> send(exchange, served.outside().answer(new UndertowIncoming(exchange)));
        HttpHandler pages = exchange ->
                send(exchange, served.pages().answer(new UndertowIncoming(exchange), () -> Sojourn.session(exchange)));
        HttpHandler inside = new UndertowJournal(served.recorder(), new SojournHandler(served.sessions(), pages));
        return exchange -> (Outside.has(exchange.getRequestPath()) ? outside : inside).handleRequest(exchange);
    }

    private static void send(HttpServerExchange exchange, Answer answer) {
        exchange.setStatusCode(answer.status());
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
        if (answer.body().length > 0 && !exchange.getRequestMethod().equals(Methods.HEAD)) {
            exchange.getResponseSender().send(ByteBuffer.wrap(answer.body()));
        } else {
            exchange.endExchange();
        }
    }

    private record OnUndertow(Undertow undertow, GracefulShutdownHandler site) implements Running {
        @Override
        public int port() {
            return ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
        }

        @Override
        public void close() {
            site.shutdown();
            try {
                site.awaitShutdown(PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            undertow.stop();
        }
    }
}
