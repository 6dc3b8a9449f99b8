package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.EditableSession;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract.Responder;
import dev.sojourn.testing.AdapterContract.Scenario;
import dev.sojourn.testing.AdapterContract.Server;
import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * The base of the {@link AdapterContract}: starts the server, sends requests, and reads headers of responses. Its rules hold for
 * more than one kind of session.
 */
abstract class AdapterContractSupport {
    static final String COOKIE = "__Host-id";
    static final int SECONDS = 20;
    static final String SECRET = "ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN";

    final FaultyStore store = new FaultyStore();
    final SettableClock clock = new SettableClock();
    private final Map<String, Scenario> scenarios = new ConcurrentHashMap<>();
    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
    private @Nullable Server server;

    abstract Server start(SessionSource sessions, Scenario scenario) throws Exception;

    @BeforeAll
    final void startServer() throws Exception {
        server = start(sessions(), this::handle);
    }

    @AfterAll
    final void stopServer() {
        if (server != null) {
            server.stop().run();
        }
    }

    @BeforeEach
    final void resetStoreAndScenarios() {
        store.reset();
        scenarios.clear();
        problems.clear();
    }

    @AfterEach
    final void rethrowAssertionsOfHandlers() {
        for (Throwable problem : problems) {
            throw new AssertionError("an assertion failed in the handler", problem);
        }
    }

    /** Runs the scenario of a request's route. An adapter turns an assertion error into a 500, so it is kept for the test. */
    final void handle(Responder responder) throws IOException {
        Scenario scenario = scenarios.get(responder.route());
        if (scenario == null) {
            responder.send(404, bytes("no scenario at " + responder.route()));
            return;
        }
        try {
            scenario.handle(responder);
        } catch (AssertionError e) {
            problems.add(e);
            throw e;
        }
    }

    /** The exception of a handler that a test lets fail. */
    static final class HandlerFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HandlerFailure() {
            super("a test wanted this handler to fail");
        }
    }

    // ---- the kind of session that the rules are about

    /** Returns the sessions to mount. Called once. */
    abstract SessionSource sessions();

    /** Returns the session of a request. */
    abstract EditableSession session(Responder responder);

    /** Makes the save of a request's session fail after the handler has changed it. */
    abstract void failSave(EditableSession changed);

    /** Returns the status of the response if {@link #failSave} was called. */
    abstract int failedSaveStatus();

    /** Saves before the response, if this kind of session can do that. */
    abstract void saveNow(EditableSession session);

    /** Replaces the id and keeps the session, if this kind of session can do that. */
    abstract void changeId(EditableSession session);

    /** Returns the calls that give the session another id. */
    abstract List<Runnable> idChanges(EditableSession session);

    /** Returns the cookie of a client after a response to a request that has changed an attribute. */
    abstract String cookieAfter(String cookie, Response response);

    // ---- requests

    /** Sets the scenario for a path. */
    final void at(String path, Scenario scenario) {
        scenarios.put(path, scenario);
    }

    final Response get(Scenario scenario) throws IOException {
        return get(scenario, "unrelated=1");
    }

    final Response get(Scenario scenario, String cookie) throws IOException {
        at("/scenario", scenario);
        return get("/scenario", cookie);
    }

    final Response get(String path, String cookie) throws IOException {
        try (RawHttp http = connect()) {
            http.send("GET", path, "Cookie: " + cookie);
            return http.readResponse("GET");
        }
    }

    final RawHttp connect() throws IOException {
        if (server == null) {
            throw new IllegalStateException("start() returned no server");
        }
        return RawHttp.connect(server.port());
    }

    /** Starts a session with a name and returns its cookie. */
    final String startSession() throws IOException {
        at("/new", r -> {
            session(r).set("name", "John");
            r.send(200, bytes("hello"));
        });
        return cookie(get("/new", "unrelated=1"));
    }

    /** Signs the client of a cookie in and returns its new cookie. */
    final String signIn(String cookie) throws IOException {
        return cookie(get(
                r -> {
                    session(r).login("alice");
                    r.send(200, bytes("welcome"));
                },
                cookie));
    }

    /** Returns an attribute as the client's next request reads it. */
    final String read(String cookie, String name) throws IOException {
        at("/read", r -> r.send(200, bytes(String.valueOf(session(r).get(name, Object.class)))));
        return get("/read", cookie).text();
    }

    /** Returns the subject as the client's next request reads it. */
    final String subject(String cookie) throws IOException {
        at("/subject", r -> r.send(200, bytes(String.valueOf(session(r).subject()))));
        return get("/subject", cookie).text();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(SECONDS, TimeUnit.SECONDS), "nothing happened for " + SECONDS + " seconds");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    // ---- headers of responses

    /** Returns the only {@code Set-Cookie} value of the session. */
    static String setCookie(Response response) {
        List<String> ours = response.values("Set-Cookie").stream()
                .filter(line -> line.startsWith(COOKIE + "="))
                .toList();
        assertEquals(1, ours.size(), () -> "Set-Cookie lines of the session in " + response);
        return ours.get(0);
    }

    /** Returns name and value of the session's cookie. */
    static String cookie(Response response) {
        String pair = setCookie(response).split(";", 2)[0];
        assertNotEquals(COOKIE + "=", pair, "the cookie was cleared");
        return pair;
    }

    static Set<String> attributes(String setCookie) {
        return Arrays.stream(setCookie.split(";", -1))
                .skip(1)
                .map(each -> each.trim().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static boolean isExpiry(String attribute) {
        return attribute.equals("max-age=0") || attribute.startsWith("expires=thu, 01 jan 1970");
    }

    static Set<String> vary(Response response) {
        return response.values("Vary").stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(each -> each.trim().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static String cacheControl(Response response) {
        return String.join(", ", response.values("Cache-Control"));
    }
}
