package dev.sojourn.clients;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.servers.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The application on the JDK's HTTP server. */
record JdkAppServer(HttpServer server, ExecutorService threads) implements AppServer {
    static AppServer start(String host, Sessions sessions, @Nullable TlsFiles tls) throws IOException {
        HttpServer server = server(new InetSocketAddress(host, 0), tls);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        server.setExecutor(threads);
        HttpContext context = server.createContext("/", JdkAppServer::handle);
        context.getFilters().add(new SojournFilter(sessions));
        server.start();
        return new JdkAppServer(server, threads);
    }

    private static HttpServer server(InetSocketAddress address, @Nullable TlsFiles tls) throws IOException {
        if (tls == null) {
            return HttpServer.create(address, 0);
        }
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(Tls.context(tls)));
        return server;
    }

    private static void handle(HttpExchange exchange) throws IOException {
        byte[] text = App.respond(
                        Sojourn.session(exchange), exchange.getRequestURI().getPath(), exchange.getProtocol())
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

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
