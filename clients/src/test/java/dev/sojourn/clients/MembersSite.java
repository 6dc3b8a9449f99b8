package dev.sojourn.clients;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sojourn.CookieOptions;
import dev.sojourn.MemoryStore;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A members' site that can be redeployed over one store. It redirects anonymous clients to its login, and signed-in clients
 * from the login to the page: if a session is found in one request and not in the next, the browser enters a redirect loop.
 * Below {@code /plant} it is another application, which sets the cookie that a test specifies.
 */
final class MembersSite implements AutoCloseable {
    private final MemoryStore store = MemoryStore.builder().build();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final List<String> requestedPaths = new CopyOnWriteArrayList<>();
    private final HttpsServer server;
    private @Nullable HttpContext application;
    private volatile String planted = "";

    MembersSite() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(Tls.context(Tls.FILES)));
        server.setExecutor(threads);
        server.createContext("/plant", this::plant);
        server.createContext("/favicon.ico", exchange -> respond(exchange, 404, ""));
        server.start();
    }

    /** Replaces the application with a version that has this cookie; the sessions stay. */
    Sessions deploy(Consumer<CookieOptions> cookie) {
        Sessions sessions =
                Sessions.create(c -> c.secret(ClientsTest.SECRET).store(store).cookie(cookie));
        if (application != null) {
            server.removeContext(application);
        }
        application = server.createContext("/", this::handle);
        application.getFilters().add(new SojournFilter(sessions));
        requestedPaths.clear();
        return sessions;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Returns the paths requested since the last call. */
    List<String> drainRequestedPaths() {
        List<String> paths = List.copyOf(requestedPaths);
        requestedPaths.clear();
        return paths;
    }

    /** Sets the cookie that the other application sends. */
    void setPlantedCookie(String cookie) {
        planted = cookie;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
        requestedPaths.add(path);
        Session session = Sojourn.session(exchange);
        if (path.endsWith("/logout")) {
            session.destroy();
            respond(exchange, 200, "signed out");
        } else if (path.endsWith("/login") && !query.isEmpty()) {
            session.login(query);
            redirect(exchange, path.substring(0, path.length() - "login".length()));
        } else if (path.endsWith("/login") == (session.subject() != null)) {
            redirect(exchange, path.endsWith("/login") ? "/" : "/login");
        } else {
            respond(exchange, 200, session.subject() == null ? "please sign in" : session.subject());
        }
    }

    private void plant(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Set-Cookie", planted);
        respond(exchange, 200, "planted");
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(303, -1);
        exchange.close();
    }

    private static void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
