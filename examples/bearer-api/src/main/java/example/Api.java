package example;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** An API for clients without cookies. Their token travels in the Authorization header. */
public class Api {
    public static void main(String[] args) throws Exception {
        Sessions sessions =
                Sessions.create(c -> c.secret(System.getenv("SOJOURN_SECRET")).transport(Transports.bearer()));
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));

        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        HttpContext api = server.createContext("/", exchange -> {
            switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
                case "POST /login" -> login(exchange);
                case "GET /me" -> me(exchange);
                case "POST /logout" -> logout(exchange);
                default -> respond(exchange, 404, "not found");
            }
        });
        api.getFilters().add(new SojournFilter(sessions));
        server.start();
        System.out.println(
                "Listening on http://localhost:" + server.getAddress().getPort());
    }

    private static void login(HttpExchange exchange) throws IOException {
        String user = new String(exchange.getRequestBody().readAllBytes(), UTF_8); // check a password here
        Sojourn.session(exchange).login(user);
        respond(exchange, 200, "welcome");
    }

    private static void me(HttpExchange exchange) throws IOException {
        Session session = Sojourn.session(exchange);
        if (session.subject() == null) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            respond(exchange, 401, "please sign in");
            return;
        }
        respond(exchange, 200, "hello " + session.subject());
    }

    private static void logout(HttpExchange exchange) throws IOException {
        Sojourn.session(exchange).destroy();
        respond(exchange, 200, "bye");
    }

    private static void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
