package dev.sojourn.benchmarks.lab;

import dev.sojourn.Key;
import dev.sojourn.Session;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the lab's paths do, in no framework's words. All bodies are plain text. */
final class LabEndpoints {
    /** The one path that is mounted outside of the sessions. */
    static final String BARE = "/bare";

    private static final String OK = "ok";
    private static final Key<Integer> VIEWS = Key.of("views", Integer.class);

    private static final Map<String, Endpoint> ENDPOINTS = Map.ofEntries(
            get(BARE, (session, query) -> OK),
            get("/plain", (session, query) -> OK),
            get("/read", (session, query) -> text(session.get().get(VIEWS))),
            get("/view", (session, query) -> view(session.get())),
            post("/set", (session, query) -> set(session.get(), query)),
            get("/get", (session, query) -> text(session.get().get(query.text("k"), Object.class))),
            post("/slowset", (session, query) -> slowSet(session.get(), query)),
            post("/incr", (session, query) -> increment(session.get(), query.text("k"))),
            post("/login", (session, query) -> login(session.get(), query.text("user"))),
            post("/logout", (session, query) -> logout(session.get())),
            get("/whoami", (session, query) -> text(session.get().subject())),
            post("/seed", (session, query) -> seed(session.get(), query.text("user"))));

    private LabEndpoints() {}

    private interface Handler {
        /** Answers; the session is asked for only where it is used. */
        String answer(Supplier<Session> session, Parameters query);
    }

    private record Endpoint(String path, String method, Handler handler) {}

    private static Map.Entry<String, Endpoint> get(String path, Handler handler) {
        return Map.entry(path, new Endpoint(path, "GET", handler));
    }

    private static Map.Entry<String, Endpoint> post(String path, Handler handler) {
        return Map.entry(path, new Endpoint(path, "POST", handler));
    }

    /**
     * The body for a request.
     *
     * @param session gives the request's session
     * @param query the raw query, or null
     * @throws LabRefusal if there is no such path, or not by this method, or a parameter is missing
     */
    static String answer(String method, String path, @Nullable String query, Supplier<Session> session) {
        Endpoint endpoint = ENDPOINTS.get(path);
        if (endpoint == null) {
            throw new LabRefusal(404, "not found");
        }
        if (!endpoint.method().equals(method)) {
            throw new LabRefusal(405, path + " is asked for by " + endpoint.method());
        }
        return endpoint.handler().answer(session, new Parameters(query));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** Deliberately a plain get, then set: parallel requests may lose each other's. */
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
        session.set("user", user);
        return OK;
    }

    private static String logout(Session session) {
        session.destroy();
        return OK;
    }

    private static String seed(Session session, String user) {
        session.regenerate();
        session.set("user", user);
        session.set("theme", "dark");
        session.set("locale", "en_GB");
        session.set("cart", 17);
        return OK;
    }
}
