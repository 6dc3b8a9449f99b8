package dev.sojourn.histories;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.UserSession;
import dev.sojourn.UserSessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * One application process: {@code Node PORT STORE [careless] [patient]}. A careless one does what exclusive sessions are there
 * for without them. Prints {@code ready PORT} when it answers, and ends with the process
 * that holds its standard input.
 */
final class Node {
    /** Said on standard output, with the port, when the node answers. */
    static final String READY = "ready ";

    private static final String SECRET = "Histories only, known to all: q8Rz3VnT6yWc1LpX";
    private static final int THREADS = 32;
    private static final int BACKLOG = 256;
    /** Long enough that two requests which read and then set meet. */
    private static final String THINKING_MILLIS = "5";
    /** In a query: how many milliseconds it is this time. */
    static final String THINK = "think";

    /** Said on the command line of a node whose requests wait long for one that has the session to itself. */
    static final String PATIENT = "patient";

    /** Said on the command line of a node that takes no session for itself. */
    static final String CARELESS = "careless";

    private final Sessions sessions;
    private final Set<Kind> exclusive;

    private Node(SessionStore store, Set<Kind> exclusive, Duration wait) {
        this.exclusive = exclusive;
        this.sessions = Sessions.create(c -> c.secret(SECRET)
                .store(store)
                // often enough that the load meets many
                .touchInterval(Duration.ofSeconds(1))
                // a node that is killed while it has a session to itself is waited out within a short history
                .exclusiveLease(Duration.ofSeconds(2))
                .exclusiveWait(wait)
                .cookie(k -> k.insecureHttp()));
    }

    /**
     * Serves until standard input ends.
     *
     * @param arguments the port (0: any free one) and the store's address
     * @throws IOException if the port cannot be had
     */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        List<String> words = List.of(arguments);
        Node node = new Node(
                NodeStores.open(arguments[1]),
                words.contains(CARELESS) ? Set.of() : Set.of(Kind.NAIVE),
                Duration.ofSeconds(words.contains(PATIENT) ? 60 : 3));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        server.setExecutor(Executors.newFixedThreadPool(THREADS));
        server.createContext("/", node::serve).getFilters().add(new SojournFilter(node.sessions));
        server.start();
        System.out.println(READY + server.getAddress().getPort());
        System.out.flush();
        awaitEnd(System.in);
        Runtime.getRuntime().halt(0);
    }

    private static void awaitEnd(InputStream in) throws IOException {
        while (in.read() >= 0) {
            // nobody writes here: the end is what is waited for
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        Kind kind = Kind.valueOf(exchange.getRequestURI().getPath().substring(1).toUpperCase(Locale.ROOT));
        if (!exchange.getRequestMethod().equals(kind.method())) {
            send(exchange, 405, "");
            return;
        }
        Session session = Sojourn.session(exchange);
        if (exclusive.contains(kind)) {
            session.exclusive();
        }
        if (kind == Kind.START) {
            session.set(View.OWNER, text(query, "owner"));
        } else if (session.get(View.OWNER, String.class) == null) {
            send(exchange, 404, "");
            return;
        }
        send(exchange, 200, answer(kind, session, query));
    }

    private String answer(Kind kind, Session session, Map<String, String> query) {
        return switch (kind) {
            case START, READ -> seen(session);
            case MARK -> {
                session.update(View.MARKS, String.class, list -> appended(list, text(query, "id")));
                yield seen(session);
            }
            case COUNT -> {
                Integer sum = session.update(View.COUNT, Integer.class, count -> count == null ? 1 : count + 1);
                yield View.RESULT + "=" + sum + "\n" + seen(session);
            }
            case SET -> {
                session.set(text(query, "register"), text(query, "id"));
                yield seen(session);
            }
            case NAIVE -> {
                // the mistake that everybody makes, and that an exclusive session forgives
                String before = session.get(View.NAIVE, String.class);
                Waiting.pause(Long.parseLong(query.getOrDefault(THINK, THINKING_MILLIS)));
                session.set(View.NAIVE, appended(before, text(query, "id")));
                yield seen(session);
            }
            case LOGIN -> {
                String before = seen(session);
                session.login(text(query, "user"));
                yield before;
            }
            case LOGOUT -> {
                String before = seen(session);
                session.destroy();
                yield before;
            }
            case END -> seen(session) + endOne(session, text(query, "user"));
            case OTHERS -> {
                sessions.of(text(query, "user")).endOthers(session);
                yield seen(session);
            }
            case EVERYWHERE -> {
                String before = seen(session);
                sessions.of(text(query, "user")).endAll();
                yield before;
            }
        };
    }

    private String endOne(Session session, String user) {
        UserSessions all = sessions.of(user);
        List<UserSession> listed = all.list(session);
        String told = listed.stream().anyMatch(UserSession::current) ? View.LISTED + "=" + View.YES + "\n" : "";
        List<UserSession> others =
                listed.stream().filter(each -> !each.current()).toList();
        if (others.isEmpty()) {
            return told;
        }
        // the one that was used least lately
        String handle = others.get(others.size() - 1).publicId();
        all.end(handle);
        return told + View.ENDED + "=" + handle + "\n";
    }

    private static String appended(@Nullable String list, String id) {
        return list == null || list.isEmpty() ? id : list + "," + id;
    }

    private static String seen(Session session) {
        Map<String, @Nullable Object> things = new LinkedHashMap<>();
        for (String name : List.of(View.OWNER, View.MARKS, View.NAIVE)) {
            things.put(name, session.get(name, String.class));
        }
        for (String name : View.REGISTERS) {
            things.put(name, session.get(name, String.class));
        }
        things.put(View.COUNT, session.get(View.COUNT, Integer.class));
        things.put(View.SUBJECT, session.subject());
        things.put(View.HANDLE, session.publicId());
        StringBuilder lines = new StringBuilder();
        things.forEach((name, value) -> {
            if (value != null) {
                lines.append(name).append('=').append(value).append('\n');
            }
        });
        return lines.toString();
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : Objects.requireNonNullElse(raw, "").split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    private static String text(Map<String, String> query, String name) {
        return Objects.requireNonNull(query.get(name), () -> "the query lacks " + name);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
