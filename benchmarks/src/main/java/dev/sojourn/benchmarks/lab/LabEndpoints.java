package dev.sojourn.benchmarks.lab;

import dev.sojourn.Key;
import dev.sojourn.Session;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The lab's endpoints, independent of a framework. All bodies are plain text. */
final class LabEndpoints {
    /** The only path that is mounted outside the session middleware. */
    static final String BARE = "/bare";

    private static final String OK = "ok";
    private static final Key<Integer> VIEWS = Key.of("views", Integer.class);

    private static final Map<String, Endpoint> ENDPOINTS = Map.ofEntries(
            get(BARE, Work.NO_SESSION, (session, query) -> OK),
            get("/plain", Work.NO_SESSION, (session, query) -> OK),
            get(
                    "/read",
                    Work.NON_BLOCKING,
                    (session, query) -> text(session.get().get(VIEWS))),
            get("/view", Work.NON_BLOCKING, (session, query) -> view(session.get())),
            post("/set", Work.NON_BLOCKING, (session, query) -> set(session.get(), query)),
            get(
                    "/get",
                    Work.NON_BLOCKING,
                    (session, query) -> text(session.get().get(query.text("k"), Object.class))),
            post("/slowset", Work.BLOCKING, (session, query) -> slowSet(session.get(), query)),
            post("/incr", Work.BLOCKING, (session, query) -> increment(session.get(), query.text("k"))),
            post("/login", Work.NON_BLOCKING, (session, query) -> login(session.get(), query.text("user"))),
            post("/logout", Work.NON_BLOCKING, (session, query) -> logout(session.get())),
            get(
                    "/whoami",
                    Work.NON_BLOCKING,
                    (session, query) -> text(session.get().subject())),
            post("/seed", Work.NON_BLOCKING, (session, query) -> seed(session.get(), query.text("user"))));

    private LabEndpoints() {}

    /** How an endpoint uses its thread, for frameworks whose threads must not block. */
    enum Work {
        /** Does not use the session, so it must not be loaded. */
        NO_SESSION,
        /** Does not block after the session is loaded. */
        NON_BLOCKING,
        /** Calls the store or sleeps: must run on a worker thread. */
        BLOCKING
    }

    private interface Handler {
        /** Returns the response's body. Calls the supplier only if it uses the session. */
        String handle(Supplier<Session> session, Parameters query);
    }

    private record Endpoint(String path, String method, Work work, Handler handler) {}

    private static Map.Entry<String, Endpoint> get(String path, Work work, Handler handler) {
        return Map.entry(path, new Endpoint(path, "GET", work, handler));
    }

    private static Map.Entry<String, Endpoint> post(String path, Work work, Handler handler) {
        return Map.entry(path, new Endpoint(path, "POST", work, handler));
    }

    /** Returns how a path's endpoint uses its thread. */
    static Work workOf(String path) {
        Endpoint endpoint = ENDPOINTS.get(path);
        return endpoint == null ? Work.NO_SESSION : endpoint.work();
    }

    /**
     * Handles a request. Exceptions of the session are not caught, because the session adapter responds to them.
     *
     * @param path the path, decoded
     * @param query the raw query, or null
     * @param session supplies the request's session
     */
    static LabResponse respond(String method, String path, @Nullable String query, Supplier<Session> session) {
        try {
            return new LabResponse(200, endpoint(method, path).handler().handle(session, new Parameters(query)));
        } catch (LabHttpException e) {
            return new LabResponse(e.status(), String.valueOf(e.getMessage()));
        }
    }

    /** Handles a request to {@link #BARE} or a path below it. */
    static LabResponse respondBare(String method, String path, @Nullable String query) {
        return respond(method, path, query, () -> {
            throw new IllegalStateException(BARE + " has no session");
        });
    }

    private static Endpoint endpoint(String method, String path) {
        Endpoint endpoint = ENDPOINTS.get(path);
        if (endpoint == null) {
            throw new LabHttpException(404, "not found");
        }
        if (!endpoint.method().equals(method)) {
            throw new LabHttpException(405, path + " requires " + endpoint.method());
        }
        return endpoint;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** Deliberately a plain get followed by set: parallel requests may lose each other's update. */
    private static String view(Session session) {
        Integer before = session.get(VIEWS);
        int views = before == null ? 1 : before + 1;
        session.set(VIEWS, views);
        return Integer.toString(views);
    }

    private static String set(Session session, Parameters query) {
        session.set(query.text("k"), query.text("v"));
        return OK;
    }

    private static String slowSet(Session session, Parameters query) {
        String name = query.text("k");
        session.get(name, Object.class);
        try {
            TimeUnit.MILLISECONDS.sleep(query.milliseconds("ms"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return set(session, query);
    }

    private static String increment(Session session, String name) {
        return text(session.update(name, Integer.class, count -> count == null ? 1 : count + 1));
    }

    private static String login(Session session, String user) {
        session.login(user);
        // In Express's records, the login has already set it.
        if (!user.equals(session.get("user", String.class))) {
            session.set("user", user);
        }
        return OK;
    }

    private static String logout(Session session) {
        session.destroy();
        return OK;
    }

    private static String seed(Session session, String user) {
        session.regenerate();
        try {
            session.set("user", user);
        } catch (IllegalArgumentException e) {
            // In Express's records, this attribute is the subject, and only a login may set it.
            session.login(user);
        }
        session.set("theme", "dark");
        session.set("locale", "en_GB");
        session.set("cart", 17);
        return OK;
    }
}
