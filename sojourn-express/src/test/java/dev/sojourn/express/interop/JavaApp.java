package dev.sojourn.express.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressOptions;
import dev.sojourn.express.ExpressPostgresStore;
import dev.sojourn.express.ExpressRedisStore;
import dev.sojourn.express.SharedServers;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A Java application with the same sites as the Express application, under the same paths and on the same stores. */
final class JavaApp implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Map<String, Consumer<ExpressOptions>> VARIANTS = Map.of(
            "plain", e -> e.existingWeakSecret("old secret"),
            "rolling", e -> e.existingWeakSecret("old secret").maxAge(Duration.ofMinutes(1)),
            "rotated", e -> e.existingWeakSecret("new secret", "old secret"),
            "short", e -> e.existingWeakSecret("old secret").maxAge(Duration.ofSeconds(1)),
            "record",
                    e -> e.existingWeakSecret("old secret")
                            .userAttribute("user", "id")
                            .userValue(id -> Map.of("id", Integer.valueOf(id), "name", "Number " + id)));

    private final SessionStore redis;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    JavaApp() throws IOException {
        redis = ExpressRedisStore.connect(
                c -> c.uri(SharedServers.redis7().uri()).timeout(Duration.ofSeconds(20)));
        SessionStore postgres = ExpressPostgresStore.builder(SharedServers.pool18())
                .schema("public")
                .createTableIfMissing()
                .timeout(Duration.ofSeconds(20))
                .build();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        Map.of("redis", redis, "pg", postgres)
                .forEach((name, store) -> VARIANTS.forEach((variant, options) -> {
                    Sessions sessions =
                            Sessions.create(Express.compatible(store, options.andThen(ExpressOptions::insecureHttp))
                                    .andThen(c -> {
                                        if (variant.equals("rolling")) {
                                            c.rolling();
                                        }
                                    }));
                    serve("/" + name + "/shared/" + variant, sessions);
                }));
        server.start();
    }

    /** Serves the same pages with other sessions. */
    void serve(String path, Sessions sessions) {
        server.createContext(path, JavaApp::handle).getFilters().add(new SojournFilter(sessions));
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void handle(HttpExchange exchange) throws IOException {
        Session session = Sojourn.session(exchange);
        Map<String, String> query = query(exchange);
        change(session, query.get("op"), query.getOrDefault("k", ""), query.getOrDefault("v", ""));
        byte[] body = JSON.writeValueAsBytes(view(session));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static void change(Session session, @Nullable String op, String name, String value) {
        switch (op == null ? "" : op) {
            case "get" -> {}
            case "set" -> session.set(name, JSON.readTree(value));
            case "date" -> session.set(name, Instant.parse(value));
            case "remove" -> session.remove(name);
            case "count" -> session.update(name, Integer.class, n -> n == null ? 1 : n + 1);
            case "nested" -> incrementNested(session, name);
            case "regenerate" -> session.regenerate();
            case "login" -> {
                session.regenerate();
                session.login(value);
            }
            case "destroy" -> session.destroy();
            default -> throw new IllegalArgumentException("unknown operation " + op);
        }
    }

    private static void incrementNested(Session session, String name) {
        JsonNode found = session.get(name, JsonNode.class);
        if (found == null || found.isNull()) {
            session.set(name, JSON.createObjectNode().put("n", 1));
        } else if (found instanceof ObjectNode object) {
            // A change inside a value, which the session detects.
            object.put("n", object.path("n").asInt(0) + 1);
        }
    }

    private static ObjectNode view(Session session) {
        ObjectNode view = JSON.createObjectNode();
        for (String name : session.names()) {
            JsonNode value = session.get(name, JsonNode.class);
            view.set(name, value == null ? JSON.nullNode() : value);
        }
        String user = session.subject();
        if (user != null) {
            view.put("user", user);
        }
        return view;
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        for (String pair : exchange.getRequestURI().getRawQuery().split("&", -1)) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        redis.close();
    }
}
