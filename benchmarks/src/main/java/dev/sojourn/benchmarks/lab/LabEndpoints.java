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
            get(BARE, Work.NO_SESSION, (session, query) -> OK),
            get("/plain", Work.NO_SESSION, (session, query) -> OK),
            get("/read", Work.IN_MEMORY, (session, query) -> text(session.get().get(VIEWS))),
            get("/view", Work.IN_MEMORY, (session, query) -> view(session.get())),
            post("/set", Work.IN_MEMORY, (session, query) -> set(session.get(), query)),
            get("/get", Work.IN_MEMORY, (session, query) -> text(session.get().get(query.text("k"), Object.class))),
            post("/slowset", Work.WAITS, (session, query) -> slowSet(session.get(), query)),
            post("/incr", Work.WAITS, (session, query) -> increment(session.get(), query.text("k"))),
            post("/login", Work.IN_MEMORY, (session, query) -> login(session.get(), query.text("user"))),
            post("/logout", Work.IN_MEMORY, (session, query) -> logout(session.get())),
            get(
                    "/whoami",
                    Work.IN_MEMORY,
                    (session, query) -> text(session.get().subject())),
            post("/seed", Work.IN_MEMORY, (session, query) -> seed(session.get(), query.text("user"))));

    private LabEndpoints() {}

    /** What an answer asks of the thread that makes it: for frameworks with threads that must not wait. */
    enum Work {
        /** Never asks for the session, and must not be made to load it. */
        NO_SESSION,
        /** Waits for nothing once the session is loaded. */
        IN_MEMORY,
        /** Asks the store in between, or sleeps: belongs on a worker. */
        WAITS
    }

    private interface Handler {
        /** Answers; the session is asked for only where it is used. */
        String answer(Supplier<Session> session, Parameters query);
    }

    private record Endpoint(String path, String method, Work work, Handler handler) {}

    private static Map.Entry<String, Endpoint> get(String path, Work work, Handler handler) {
        return Map.entry(path, new Endpoint(path, "GET", work, handler));
    }

    private static Map.Entry<String, Endpoint> post(String path, Work work, Handler handler) {
        return Map.entry(path, new Endpoint(path, "POST", work, handler));
    }

    /** What the answer to a path will ask of its thread. */
    static Work work(String path) {
        Endpoint endpoint = ENDPOINTS.get(path);
        return endpoint == null ? Work.NO_SESSION : endpoint.work();
    }

    /**
     * Answers a request. What the session throws comes out of here, and is for its adapter to answer.
     *
     * @param path the path, decoded
     * @param query the raw query, or null
     * @param session gives the request's session
     */
    static LabAnswer answer(String method, String path, @Nullable String query, Supplier<Session> session) {
        try {
            return new LabAnswer(200, endpoint(method, path).handler().answer(session, new Parameters(query)));
        } catch (LabRefusal e) {
            return new LabAnswer(e.status(), String.valueOf(e.getMessage()));
        }
    }

    /** Answers {@link #BARE}, and what is below it. */
    static LabAnswer answerBare(String method, String path, @Nullable String query) {
        return answer(method, path, query, () -> {
            throw new IllegalStateException(BARE + " has no session");
        });
    }

    private static Endpoint endpoint(String method, String path) {
        Endpoint endpoint = ENDPOINTS.get(path);
        if (endpoint == null) {
            throw new LabRefusal(404, "not found");
        }
        if (!endpoint.method().equals(method)) {
            throw new LabRefusal(405, path + " is asked for by " + endpoint.method());
        }
        return endpoint;
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
        // In Express's records the login has set it.
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
            // In Express's records this attribute says who is signed in, and only a login sets it.
            session.login(user);
        }
        session.set("theme", "dark");
        session.set("locale", "en_GB");
        session.set("cart", 17);
        return OK;
    }
}
