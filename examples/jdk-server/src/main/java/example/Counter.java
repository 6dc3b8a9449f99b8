package example;

import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** Counts the views of each client. */
public class Counter {
    public static void main(String[] args) throws Exception {
        Sessions sessions = Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")));
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));

        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
                    Session session = Sojourn.session(exchange);
                    int views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
                    byte[] body = ("views: " + views + "\n").getBytes();
                    exchange.sendResponseHeaders(200, body.length); // the session is saved before the headers are sent
                    exchange.getResponseBody().write(body);
                    exchange.close();
                })
                .getFilters()
                .add(new SojournFilter(sessions));
        server.start();
        System.out.println(
                "Listening on http://localhost:" + server.getAddress().getPort());
    }
}
