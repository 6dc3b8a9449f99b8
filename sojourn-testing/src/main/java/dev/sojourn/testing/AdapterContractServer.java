package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

/** The base of all rules of the {@link AdapterContract}: starts a server, sends requests, and reads headers of responses. */
abstract class AdapterContractServer {
    static final String COOKIE = "__Host-id";
    /** A path that only signed-in users may request. */
    static final String MEMBERS = "/members";

    static final int SECONDS = 20;
    static final String SECRET = "ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN";

    final FaultyStore store = new FaultyStore();
    final SettableClock clock = new SettableClock();
    private final Map<String, Scenario> scenarios = new ConcurrentHashMap<>();
    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
    private @Nullable Server server;

    abstract Server start(SessionSource sessions, Scenario scenario) throws Exception;

    /** Returns the sessions to mount. Called once. */
    abstract SessionSource sessions();

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
        return RawHttp.connect(port());
    }

    final int port() {
        if (server == null) {
            throw new IllegalStateException("start() returned no server");
        }
        return server.port();
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
