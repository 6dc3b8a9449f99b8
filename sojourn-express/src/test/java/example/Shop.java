package example;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.UserSession;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressMove;
import dev.sojourn.express.ExpressOptions;
import dev.sojourn.express.ExpressRedisStore;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.redis.RedisStore;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The Java application of docs/guide/express.md, "Migrate route by route": {@code java example.Shop <step> <port>}. */
public final class Shop {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Shop() {}

    public static void main(String[] args) throws IOException {
        String redis = System.getenv("REDIS_URL");
        Consumer<Sessions.Config> step = step(args[0], ExpressRedisStore.connect(redis), RedisStore.connect(redis));
        serve(Sessions.create(step), Integer.parseInt(args[1]));
    }

    public static HttpServer serve(Sessions sessions, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> handle(sessions, exchange))
                .getFilters()
                .add(new SojournFilter(sessions));
        server.start();
        return server;
    }

    public static Consumer<Sessions.Config> step(String step, SessionStore express, SessionStore own) {
        Consumer<ExpressOptions> asInNode =
                e -> e.existingWeakSecret("keyboard cat").insecureHttp();
        if (step.equals("share")) {
            return Express.compatible(express, asInNode);
        }
        ExpressMove move = Express.move(express, own, asInNode);
        return switch (step) {
            case "prepare" -> move.prepare();
            case "move" -> move.move();
            case "finish" -> move.finish();
            case "prepareReturn" -> move.prepareReturn();
            case "moveBack" -> move.moveBack();
            default -> throw new IllegalArgumentException("unknown step: " + step);
        };
    }

    static final Key<Map<String, Integer>> CART = Key.of("cart", new TypeReference<>() {});

    static void handle(Sessions sessions, HttpExchange exchange) throws IOException {
        Session session = Sojourn.session(exchange);
        String user = session.subject(); // req.session.user
        String route =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        if (route.equals("POST /login")) {
            session.regenerate();
            session.login(field(exchange, "user"));
            redirect(exchange, "/");
        } else if (route.equals("GET /login")) {
            send(exchange, "please sign in");
        } else if (route.equals("GET /logout")) {
            session.destroy();
            redirect(exchange, "/login");
        } else if (user == null) {
            redirect(exchange, "/login");
        } else if (route.equals("GET /")) {
            int views = session.update("views", Integer.class, n -> n == null ? 1 : n + 1);
            send(exchange, "Java: hello " + user + ", views: " + views + "\n");
        } else if (route.equals("GET /cart")) {
            send(exchange, JSON.writeValueAsString(session.has("cart") ? session.get(CART) : Map.of()));
        } else if (route.equals("POST /cart")) {
            String item = field(exchange, "item");
            session.update(CART, cart -> {
                Map<String, Integer> changed = cart == null ? new TreeMap<>() : cart;
                changed.merge(item, 1, Integer::sum);
                return changed;
            });
            redirect(exchange, "/cart");
        } else if (route.equals("GET /devices")) { // from the step "finish" on
            StringBuilder devices = new StringBuilder();
            for (UserSession each : sessions.of(user).list(session)) {
                devices.append(each.publicId()).append(" since ").append(each.createdAt());
            }
            send(exchange, devices + "\n");
        } else {
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private static String field(HttpExchange exchange, String name) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        for (String pair : form.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
