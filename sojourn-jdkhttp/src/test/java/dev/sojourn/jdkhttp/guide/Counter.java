package dev.sojourn.jdkhttp.guide;

import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

public class Counter {
    public static void main(String[] args) throws IOException {
        start(Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET"))), 8080);
    }

    static HttpServer start(Sessions sessions, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
        server.createContext("/", exchange -> {
                    Session session = Sojourn.session(exchange);
                    session.set("username", "John Doe");
                    Integer views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
                    byte[] body = ("views: " + views + "\n").getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                })
                .getFilters()
                .add(new SojournFilter(sessions));
        server.start();
        return server;
    }
}
