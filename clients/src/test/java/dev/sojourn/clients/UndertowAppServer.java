package dev.sojourn.clients;

import dev.sojourn.Sessions;
import dev.sojourn.servers.TlsFiles;
import dev.sojourn.undertow.Sojourn;
import dev.sojourn.undertow.SojournHandler;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The application on Undertow's native handlers, with HTTP/2. */
record UndertowAppServer(Undertow server) implements AppServer {
    // Strong references, because the levels of collected loggers are lost.
    private static final List<Logger> LOGS =
            List.of(Logger.getLogger("io.undertow"), Logger.getLogger("org.xnio"), Logger.getLogger("org.jboss"));

    static AppServer start(String host, Sessions sessions, @Nullable TlsFiles tls) {
        return start(host, sessions, tls, UnaryOperator.identity());
    }

    /**
     * Starts a server.
     *
     * @param inFront wraps the other handlers
     */
    static AppServer start(String host, Sessions sessions, @Nullable TlsFiles tls, UnaryOperator<HttpHandler> inFront) {
        LOGS.forEach(log -> log.setLevel(Level.OFF));
        HttpHandler app = inFront.apply(new BlockingHandler(new SojournHandler(sessions, UndertowAppServer::handle)));
        Undertow.Builder builder = Undertow.builder()
                .setIoThreads(2)
                .setWorkerThreads(4)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .setHandler(app);
        Undertow server = (tls == null
                        ? builder.addHttpListener(0, host)
                        : builder.addHttpsListener(0, host, Tls.context(tls)))
                .build();
        server.start();
        return new UndertowAppServer(server);
    }

    private static void handle(HttpServerExchange exchange) {
        exchange.getResponseSender()
                .send(App.respond(
                        Sojourn.session(exchange),
                        exchange.getRequestPath(),
                        exchange.getProtocol().toString()));
    }

    @Override
    public int port() {
        return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() {
        server.stop();
    }
}
