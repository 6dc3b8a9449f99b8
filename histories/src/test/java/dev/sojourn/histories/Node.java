package dev.sojourn.histories;

import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.UserSession;
import dev.sojourn.UserSessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One application process: {@code Node PORT STORE [no-leases] [long-wait]}. Prints {@code ready PORT} when it accepts requests,
 * and exits when its standard input ends.
 */
final class Node {
    private static final String SECRET = "For histories only, not secret: q8Rz3VnT6yWc1LpX";
    /** The pause between a get and a set, long enough for concurrent requests to conflict. */
    private static final String DEFAULT_DELAY_MILLIS = "5";
    /** The query parameter that overrides the pause, in milliseconds. */
    static final String DELAY = "delay";

    /** The argument of a node whose requests wait a long time for a lease. */
    static final String LONG_WAIT = "long-wait";

    /** The argument of a node that uses no leases where they are needed. */
    static final String NO_LEASES = "no-leases";

    private final Sessions sessions;
    private final Set<OperationKind> exclusive;

    private Node(SessionStore store, Set<OperationKind> exclusive, Duration wait) {
        this.exclusive = exclusive;
        this.sessions = Sessions.create(c -> c.secret(SECRET)
                .store(store)
                // short, so that the load causes many touches
                .touchInterval(Duration.ofSeconds(1))
                // short, so that the lease of a killed node expires within a short history
                .exclusiveLease(Duration.ofSeconds(2))
                .exclusiveWait(wait)
                .cookie(k -> k.insecureHttp()));
    }

    /**
     * Serves until standard input ends.
     *
     * @param arguments the port (0 for any free one), the store's address and options
     * @throws IOException if the port is not available
     */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        List<String> options = List.of(arguments);
        Node node = new Node(
                NodeStores.open(arguments[1]),
                options.contains(NO_LEASES) ? Set.of() : Set.of(OperationKind.NAIVE),
                Duration.ofSeconds(options.contains(LONG_WAIT) ? 60 : 3));
        NodeServer.run(port, node.sessions, node::serve);
    }

    private void serve(HttpExchange exchange) throws IOException {
        Map<String, String> query = NodeServer.query(exchange);
        OperationKind kind = OperationKind.valueOf(
                exchange.getRequestURI().getPath().substring(1).toUpperCase(Locale.ROOT));
        if (!exchange.getRequestMethod().equals(kind.method())) {
            NodeServer.send(exchange, 405, "");
            return;
        }
        Session session = Sojourn.session(exchange);
        if (exclusive.contains(kind)) {
            session.exclusive();
        }
        if (kind == OperationKind.START) {
            session.set(SessionView.OWNER, NodeServer.text(query, "owner"));
        } else if (session.get(SessionView.OWNER, String.class) == null) {
            NodeServer.send(exchange, 404, "");
            return;
        }
        NodeServer.send(exchange, 200, execute(kind, session, query));
    }

    private String execute(OperationKind kind, Session session, Map<String, String> query) {
        return switch (kind) {
            case START, READ -> describe(session);
            case MARK -> {
                session.update(SessionView.MARKS, String.class, list -> append(list, NodeServer.text(query, "id")));
                yield describe(session);
            }
            case COUNT -> {
                Integer sum = session.update(SessionView.COUNT, Integer.class, count -> count == null ? 1 : count + 1);
                yield SessionView.RESULT + "=" + sum + "\n" + describe(session);
            }
            case SET -> {
                session.set(NodeServer.text(query, "register"), NodeServer.text(query, "id"));
                yield describe(session);
            }
            case NAIVE -> {
                // a common mistake that is correct only in an exclusive session
                String before = session.get(SessionView.NAIVE, String.class);
                TimedWait.pause(Long.parseLong(query.getOrDefault(DELAY, DEFAULT_DELAY_MILLIS)));
                session.set(SessionView.NAIVE, append(before, NodeServer.text(query, "id")));
                yield describe(session);
            }
            case LOGIN -> {
                String before = describe(session);
                session.login(NodeServer.text(query, "user"));
                yield before;
            }
            case LOGOUT -> {
                String before = describe(session);
                session.destroy();
                yield before;
            }
            case END_ONE -> describe(session) + endOne(session, NodeServer.text(query, "user"));
            case END_OTHERS -> {
                sessions.of(NodeServer.text(query, "user")).endOthers(session);
                yield describe(session);
            }
            case END_ALL -> {
                String before = describe(session);
                sessions.of(NodeServer.text(query, "user")).endAll();
                yield before;
            }
        };
    }

    private String endOne(Session session, String user) {
        UserSessions all = sessions.of(user);
        List<UserSession> listed = all.list(session);
        String current =
                listed.stream().anyMatch(UserSession::current) ? SessionView.LISTED + "=" + SessionView.YES + "\n" : "";
        List<UserSession> others =
                listed.stream().filter(each -> !each.current()).toList();
        if (others.isEmpty()) {
            return current;
        }
        // the least recently used session
        String publicId = others.get(others.size() - 1).publicId();
        all.end(publicId);
        return current + SessionView.ENDED + "=" + publicId + "\n";
    }

    private static String append(@Nullable String list, String id) {
        return list == null || list.isEmpty() ? id : list + "," + id;
    }

    private static String describe(Session session) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (String name : List.of(SessionView.OWNER, SessionView.MARKS, SessionView.NAIVE)) {
            values.put(name, session.get(name, String.class));
        }
        for (String name : SessionView.REGISTERS) {
            values.put(name, session.get(name, String.class));
        }
        values.put(SessionView.COUNT, session.get(SessionView.COUNT, Integer.class));
        values.put(SessionView.SUBJECT, session.subject());
        values.put(SessionView.PUBLIC_ID, session.publicId());
        StringBuilder lines = new StringBuilder();
        values.forEach((name, value) -> {
            if (value != null) {
                lines.append(name).append('=').append(value).append('\n');
            }
        });
        return lines.toString();
    }
}
