package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.FaultyStore.Hold;
import dev.sojourn.testing.RawHttp.Response;
import dev.sojourn.testing.RawHttp.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every adapter does, seen by a client on a real socket, one test each. The author of an adapter extends this class
 * and says how to start a server on 127.0.0.1 in which every request of every path goes to one scenario, with the adapter
 * mounted as an application mounts it, and how that framework answers: {@link Responder}.
 *
 * <p>The server is started once for all tests and serves at least two requests at a time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class AdapterContract {
    /**
     * A path that the adapter's author mounts a scenario at by the framework's own router, beside the one for every path,
     * with {@link Responder#route} to tell that it was chosen.
     */
    protected static final String ROUTE = "/redeem";

    private static final String COOKIE = "__Host-id";
    private static final int SECONDS = 20;

    private final FaultyStore store = new FaultyStore();
    private final SettableClock clock = new SettableClock();
    private final Map<String, Scenario> scenarios = new ConcurrentHashMap<>();
    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
    private @Nullable Server server;

    /** For subclasses. */
    protected AdapterContract() {}

    /**
     * Starts a real server with the adapter.
     *
     * @param sessions what the adapter is given
     * @param scenario handles every request; what it throws is the handler's exception
     * @return the server, stopped after all tests
     * @throws Exception if it cannot be started
     */
    protected abstract Server start(Sessions sessions, Scenario scenario) throws Exception;

    /**
     * A server that runs.
     *
     * @param port where it listens on 127.0.0.1, over plain http
     * @param stop stops it
     */
    public record Server(int port, Runnable stop) {}

    /** What a handler does. */
    @FunctionalInterface
    public interface Scenario {
        /**
         * Handles a request.
         *
         * @param responder the request and its response
         * @throws IOException as handlers do
         */
        void handle(Responder responder) throws IOException;
    }

    /** One request in a framework's own words. Each answer is made as an application of that framework makes it. */
    public interface Responder {
        /**
         * Where the request goes.
         *
         * @return its path
         */
        String path();

        /**
         * The route that the framework's router has chosen.
         *
         * @return {@link AdapterContract#ROUTE} where the router took the request for that one, else the path
         */
        default String route() {
            return path();
        }

        /**
         * The session, as the adapter gives it to handlers.
         *
         * @return the session
         */
        Session session();

        /**
         * Adds a line to the response's head.
         *
         * @param name the header's name
         * @param value its value
         */
        void addHeader(String name, String value);

        /**
         * Answers with a body of a fixed length. To HEAD the framework sends the head alone.
         *
         * @param status the status
         * @param body all of the body
         * @throws IOException if the client is gone
         */
        void send(int status, byte[] body) throws IOException;

        /**
         * Answers without a body.
         *
         * @param status 204, 304 or another
         * @throws IOException if the client is gone
         */
        void sendEmpty(int status) throws IOException;

        /**
         * Answers with a redirect (302).
         *
         * @param location where to
         * @throws IOException if the client is gone
         */
        void redirect(String location) throws IOException;

        /**
         * Sends the head and begins a body of unknown length. What is flushed goes to the client at once.
         *
         * @param status the status
         * @return takes the body; closed by the scenario
         * @throws IOException if the client is gone
         */
        OutputStream stream(int status) throws IOException;
    }

    @BeforeAll
    final void startServer() throws Exception {
        Sessions sessions = Sessions.create(c -> c.secret("ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN")
                .store(store)
                .clock(clock)
                .exclusive(ROUTE));
        server = start(sessions, this::handle);
    }

    @AfterAll
    final void stopServer() {
        if (server != null) {
            server.stop().run();
        }
    }

    @BeforeEach
    final void beginAnew() {
        store.reset();
        scenarios.clear();
        problems.clear();
    }

    @AfterEach
    final void nothingWentWrongInAHandler() {
        for (Throwable problem : problems) {
            throw new AssertionError("a scenario went wrong in the handler", problem);
        }
    }

    private void handle(Responder responder) throws IOException {
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

    /** Says what is wrong, where an adapter would make a 500 of it. */
    private static final class Wanted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wanted() {
            super("a test wanted this handler to fail");
        }
    }

    // ---- the shapes of an answer

    @Test
    final void a_small_body_comes_whole_with_the_cookie_before_it() throws IOException {
        Response answer = get(r -> {
            r.session().set("name", "John");
            r.addHeader("Content-Type", "text/plain");
            r.send(200, bytes("hello"));
        });

        assertEquals(200, answer.status());
        assertEquals("hello", answer.text());
        assertEquals(List.of("5"), answer.all("Content-Length"));
        assertEquals("John", read(cookie(answer), "name"));
    }

    @Test
    final void the_cookie_is_secure_http_only_lax_and_for_this_host() throws IOException {
        Response answer = get(r -> {
            r.session().set("name", "John");
            r.send(200, bytes("hello"));
        });

        assertEquals(Set.of("path=/", "secure", "httponly", "samesite=lax"), attributes(setCookie(answer)));
    }

    @Test
    final void the_cookie_comes_before_the_first_byte_of_a_stream_that_is_still_open() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        at("/", r -> {
            r.session().set("name", "John");
            try (OutputStream out = r.stream(200)) {
                out.write(bytes("first"));
                out.flush();
                await(seen);
                out.write(bytes("second"));
            }
        });
        try (RawHttp http = connect()) {
            http.send("GET", "/");
            ResponseHead head = http.head();
            ByteArrayOutputStream first = new ByteArrayOutputStream();
            http.nextChunk(first);
            assertTrue(first.toString(StandardCharsets.UTF_8).startsWith("f"), "what was flushed is here");
            assertNotNull(cookie(head.with(new byte[0], true)));
            seen.countDown();

            Response rest = http.body("GET", head);

            assertTrue(rest.complete());
            assertTrue(rest.text().endsWith("second"), rest::text);
        }
    }

    @Test
    final void a_large_stream_comes_whole_and_is_not_gathered_first() throws IOException {
        byte[] block = new byte[64 << 10];
        Arrays.fill(block, (byte) 'x');
        CountDownLatch seen = new CountDownLatch(1);
        at("/", r -> {
            r.session().set("name", "John");
            try (OutputStream out = r.stream(200)) {
                for (int i = 0; i < 96; i++) {
                    out.write(block);
                    if (i == 32) {
                        await(seen);
                    }
                }
            }
        });
        try (RawHttp http = connect()) {
            http.send("GET", "/");
            ResponseHead head = http.head();
            http.nextChunk(new ByteArrayOutputStream());
            seen.countDown();
            Response rest = http.body("GET", head);
            assertTrue(rest.complete());
            assertTrue(rest.body().length > 5_000_000, "megabytes after the first chunk");
            assertNotNull(cookie(rest));
        }
    }

    @Test
    final void a_large_body_of_fixed_length_comes_whole() throws IOException {
        byte[] body = new byte[3 << 20];
        Arrays.fill(body, (byte) 'x');

        Response answer = get(r -> {
            r.session().set("name", "John");
            r.send(200, body);
        });

        assertEquals(List.of(Integer.toString(body.length)), answer.all("Content-Length"));
        assertArrayEquals(body, answer.body());
        assertNotNull(cookie(answer));
    }

    @Test
    final void an_answer_without_a_body_carries_the_cookie() throws IOException {
        Response answer = get(r -> {
            r.session().set("name", "John");
            r.sendEmpty(204);
        });

        assertEquals(204, answer.status());
        assertEquals("John", read(cookie(answer), "name"));
    }

    @Test
    final void a_redirect_carries_the_cookie() throws IOException {
        Response answer = get(r -> {
            r.session().login("alice");
            r.redirect("/home");
        });

        assertEquals(302, answer.status());
        assertTrue(answer.all("Location").get(0).endsWith("/home"));
        assertEquals("no-store", cacheControl(answer));
        assertEquals("alice", subject(cookie(answer)));
    }

    @Test
    final void an_error_that_the_handler_chose_keeps_its_status_and_carries_the_cookie() throws IOException {
        for (int status : new int[] {400, 404, 500, 503}) {
            Response answer = get(r -> {
                r.session().set("status", status);
                r.addHeader("Cache-Control", "public, max-age=600");
                r.send(status, bytes("my own words"));
            });

            assertEquals(status, answer.status());
            assertEquals("my own words", answer.text());
            assertEquals("no-store", cacheControl(answer));
            assertEquals(Integer.toString(status), read(cookie(answer), "status"));
        }
    }

    @Test
    final void head_has_the_headers_of_get_and_no_body() throws IOException {
        at("/", r -> {
            r.session().set("name", "John");
            r.send(200, bytes("hello"));
        });
        try (RawHttp http = connect()) {
            http.send("HEAD", "/");
            Response answer = http.answer("HEAD");
            assertEquals(200, answer.status());
            String cookie = cookie(answer);

            http.send("GET", "/", "Cookie: " + cookie);
            assertEquals("hello", http.answer("GET").text(), "the next answer on this connection");
            assertEquals("John", read(cookie, "name"));
        }
    }

    @Test
    final void not_modified_carries_a_changed_cookie_and_is_not_stored() throws IOException {
        Response answer = get(r -> {
            r.session().login("alice");
            r.addHeader("ETag", "\"v1\"");
            r.addHeader("Cache-Control", "public, max-age=600");
            r.sendEmpty(304);
        });

        assertEquals(304, answer.status());
        assertEquals("no-store", cacheControl(answer));
        assertEquals("alice", subject(cookie(answer)));
    }

    // ---- exceptions

    @Test
    final void an_exception_before_the_head_answers_500_and_what_was_changed_is_saved() throws IOException {
        Response answer = get(r -> {
            r.session().set("tries", 1);
            throw new Wanted();
        });

        assertEquals(500, answer.status());
        assertTrue(answer.complete());
        assertEquals("no-store", cacheControl(answer));
        assertEquals("1", read(cookie(answer), "tries"));
    }

    @Test
    final void an_exception_tells_the_client_nothing_about_the_server() throws IOException {
        Response answer = get(r -> {
            throw new Wanted();
        });

        assertEquals(500, answer.status());
        assertFalse(answer.text().contains("a test wanted"), "its message");
        assertFalse(answer.text().contains("Wanted"), "its class");
    }

    @Test
    final void an_exception_after_the_head_breaks_the_answer_off() throws IOException {
        String cookie = newSession();
        Response answer = get(
                r -> {
                    r.session().set("tries", 1);
                    OutputStream out = r.stream(200);
                    out.write(bytes("half an ans"));
                    out.flush();
                    throw new Wanted();
                },
                cookie);

        assertFalse(answer.complete(), () -> "half an answer must not look like a whole one: " + answer);
        assertEquals("1", read(cookie, "tries"));
    }

    @Test
    final void a_session_exception_that_the_handler_lets_pass_answers_its_own_status() throws IOException {
        String cookie = newSession();
        String newer = signedIn(cookie);

        Response answer = get(
                r -> {
                    r.session().update("n", Integer.class, n -> 1);
                    r.send(200, bytes("counted"));
                },
                cookie);

        assertEquals(409, answer.status());
        assertEquals(List.of(), answer.all("Set-Cookie"));
        assertEquals("alice", subject(newer));
    }

    @Test
    final void a_store_that_is_away_answers_503_to_a_handler_that_reads() throws IOException {
        String cookie = newSession();
        store.failAll();

        Response answer = get(r -> r.send(200, bytes("hello " + r.session().get("name", String.class))), cookie);

        assertReplaced(503, answer);
        store.reset();
        assertEquals("John", read(cookie, "name"));
    }

    // ---- after the head

    @Test
    final void a_change_after_the_head_is_there_at_the_clients_next_request() throws IOException {
        String cookie = newSession();
        for (int i = 1; i <= 20; i++) {
            int round = i;
            Response answer = get(
                    r -> {
                        r.session().get("name", String.class);
                        try (OutputStream out = r.stream(200)) {
                            out.write(bytes("hello"));
                            out.flush();
                            r.session().set("late", round);
                        }
                    },
                    cookie);

            assertEquals("hello", answer.text());
            assertEquals(Integer.toString(round), read(cookie, "late"));
        }
    }

    @Test
    final void a_first_change_after_the_head_of_a_session_without_a_record_is_refused() throws IOException {
        Response answer = get(r -> {
            try (OutputStream out = r.stream(200)) {
                out.flush();
                IllegalStateException refused = assertThrows(
                        IllegalStateException.class, () -> r.session().set("late", 1));
                out.write(bytes(String.valueOf(refused.getMessage())));
            }
        });

        assertTrue(answer.text().contains("head"), answer.text());
        assertEquals(List.of(), answer.all("Set-Cookie"));
        assertEquals(List.of(), store.calls());
    }

    @Test
    final void a_new_id_after_the_head_is_refused_and_changes_nothing() throws IOException {
        String cookie = newSession();
        Response answer = get(
                r -> {
                    try (OutputStream out = r.stream(200)) {
                        out.write(bytes("hello"));
                        out.flush();
                        assertThrows(
                                IllegalStateException.class, () -> r.session().login("alice"));
                        assertThrows(
                                IllegalStateException.class, () -> r.session().changeId());
                        assertThrows(
                                IllegalStateException.class, () -> r.session().regenerate());
                    }
                },
                cookie);

        assertTrue(answer.complete());
        assertEquals("null", subject(cookie));
        assertEquals("John", read(cookie, "name"));
    }

    @Test
    final void destroying_after_the_head_ends_the_session_though_the_cookie_stays() throws IOException {
        String cookie = newSession();
        Response answer = get(
                r -> {
                    try (OutputStream out = r.stream(200)) {
                        out.write(bytes("bye"));
                        out.flush();
                        r.session().destroy();
                    }
                },
                cookie);

        assertEquals(List.of(), answer.all("Set-Cookie"));
        assertEquals("null", read(cookie, "name"));
    }

    // ---- what could not be saved

    @Test
    final void a_failed_save_replaces_an_answer_of_fixed_length() throws IOException {
        assertFailedSaveReplaces(r -> r.send(200, bytes("your order is placed, thank you very much indeed")));
    }

    @Test
    final void a_failed_save_replaces_a_stream() throws IOException {
        assertFailedSaveReplaces(r -> {
            try (OutputStream out = r.stream(200)) {
                out.write(bytes("your order "));
                out.flush();
                out.write(bytes("is placed"));
            }
        });
    }

    @Test
    final void a_failed_save_replaces_a_redirect() throws IOException {
        assertFailedSaveReplaces(r -> r.redirect("/thanks"));
    }

    @Test
    final void a_failed_save_replaces_not_modified() throws IOException {
        assertFailedSaveReplaces(r -> r.sendEmpty(304));
    }

    @Test
    final void a_failed_save_replaces_an_answer_without_a_body() throws IOException {
        assertFailedSaveReplaces(r -> r.sendEmpty(204));
    }

    @Test
    final void a_failed_save_replaces_the_answer_to_an_exception() throws IOException {
        assertFailedSaveReplaces(r -> {
            throw new Wanted();
        });
    }

    private void assertFailedSaveReplaces(Scenario answering) throws IOException {
        Scenario scenario = r -> {
            r.session().set("ordered", true);
            r.addHeader("ETag", "\"v1\"");
            r.addHeader("Content-Type", "text/html");
            r.addHeader("Cache-Control", "public, max-age=600");
            answering.handle(r);
        };
        String cookie = newSession();

        store.failNext(Call.COMPARE_AND_SET, Fault.NOT_DONE);
        assertReplaced(503, get(scenario, cookie));
        assertEquals("null", read(cookie, "ordered"));

        store.failNext(Call.CREATE, Fault.NOT_DONE);
        assertReplaced(503, get(scenario));
    }

    private static void assertReplaced(int status, Response answer) {
        assertEquals(status, answer.status());
        assertTrue(answer.complete());
        assertEquals(1, answer.all("Retry-After").size(), "Retry-After");
        assertEquals(List.of(), answer.all("Set-Cookie"));
        assertEquals(List.of(), answer.all("Location"));
        assertEquals(List.of(), answer.all("ETag"));
        assertEquals("no-store", cacheControl(answer));
        assertEquals(1, answer.all("Content-Type").size(), "Content-Type");
        assertFalse(answer.all("Content-Type").get(0).contains("html"), "the handler's Content-Type");
        assertFalse(answer.text().contains("order"), "the handler's body");
        assertFalse(answer.text().isEmpty(), "the client is told");
    }

    @Test
    final void the_connection_is_usable_after_an_answer_was_replaced_unless_its_end_was_announced() throws IOException {
        at("/", r -> {
            r.session().set("ordered", true);
            r.send(200, bytes("your order is placed"));
        });
        store.failNext(Call.CREATE, Fault.NOT_DONE);
        try (RawHttp http = connect()) {
            http.send("GET", "/");
            Response replaced = http.answer("GET");
            assertEquals(503, replaced.status());
            if (!endIsAnnounced(replaced)) {
                http.send("GET", "/");
                assertEquals("your order is placed", http.answer("GET").text());
            }
        }
        assertEquals("your order is placed", get("/", "unrelated=1").text());
    }

    @Test
    final void a_failed_save_answers_head_without_a_body() throws IOException {
        at("/", r -> {
            r.session().set("ordered", true);
            r.send(200, bytes("your order is placed"));
        });
        store.failNext(Call.CREATE, Fault.NOT_DONE);
        try (RawHttp http = connect()) {
            http.send("HEAD", "/");
            Response replaced = http.answer("HEAD");
            assertEquals(503, replaced.status());
            if (!endIsAnnounced(replaced)) {
                http.send("GET", "/");
                assertEquals(200, http.answer("GET").status(), "the next answer on this connection");
            }
        }
    }

    /** Some servers close a connection after a 503, and say so. */
    private static boolean endIsAnnounced(Response answer) {
        return answer.all("Connection").stream().anyMatch("close"::equalsIgnoreCase);
    }

    @Test
    final void a_session_that_was_saved_before_the_failure_reaches_the_client() throws IOException {
        Response answer = get(r -> {
            r.session().set("name", "John");
            r.session().save();
            r.session().set("ordered", true);
            store.failNext(Call.COMPARE_AND_SET, Fault.NOT_DONE);
            r.send(200, bytes("your order is placed"));
        });

        assertEquals(503, answer.status());
        assertEquals("John", read(cookie(answer), "name"));
    }

    @Test
    final void a_change_of_a_superseded_session_answers_409_and_sends_no_cookie() throws IOException {
        String cookie = newSession();
        String newer = signedIn(cookie);

        Response answer = get(
                r -> {
                    r.session().set("late", 1);
                    r.send(200, bytes("your order is placed"));
                },
                cookie);

        assertEquals(409, answer.status());
        assertEquals(List.of(), answer.all("Set-Cookie"));
        assertFalse(answer.text().contains("order"));
        assertEquals("null", read(newer, "late"));
        assertEquals("alice", subject(newer));
    }

    @Test
    final void a_logout_that_could_not_be_stored_answers_503_and_keeps_the_cookie() throws IOException {
        String cookie = newSession();
        store.failNext(Call.DELETE, Fault.NOT_DONE);

        Response answer = get(
                r -> {
                    r.session().destroy();
                    r.redirect("/order");
                },
                cookie);

        assertReplaced(503, answer);
        assertEquals("John", read(cookie, "name"));
    }

    // ---- headers

    @Test
    final void a_destroyed_session_clears_the_cookie_with_the_attributes_it_was_given_with() throws IOException {
        Response given = get(r -> {
            r.session().set("name", "John");
            r.send(200, bytes("hello"));
        });
        String cookie = cookie(given);

        Response cleared = get(
                r -> {
                    r.session().destroy();
                    r.send(200, bytes("bye"));
                },
                cookie);

        String line = setCookie(cleared);
        assertTrue(line.startsWith(COOKIE + "=;"), "an empty value");
        Set<String> attributes = attributes(line);
        assertTrue(attributes.removeIf(AdapterContract::isOver), "it is over");
        assertEquals(attributes(setCookie(given)), attributes);
        assertEquals("null", read(cookie, "name"));
    }

    @Test
    final void login_touch_and_logout_in_one_request_send_one_cookie_beside_the_applications_own() throws IOException {
        String cookie = newSession();
        Response answer = get(
                r -> {
                    r.addHeader("Set-Cookie", "theme=dark; Path=/");
                    r.addHeader("Set-Cookie", "lang=de");
                    r.session().login("alice");
                    r.session().save();
                    r.session().touch();
                    r.session().destroy();
                    r.send(200, bytes("bye"));
                },
                cookie);

        assertTrue(setCookie(answer).startsWith(COOKIE + "=;"));
        assertEquals(3, answer.all("Set-Cookie").size());
        assertTrue(answer.all("Set-Cookie").containsAll(List.of("theme=dark; Path=/", "lang=de")));
    }

    @Test
    final void set_login_and_change_id_in_one_request_send_one_cookie_beside_the_applications_own() throws IOException {
        Response answer = get(r -> {
            r.addHeader("Set-Cookie", "theme=dark");
            r.session().set("name", "John");
            r.session().save();
            r.session().login("alice");
            r.session().save();
            r.session().changeId();
            r.send(200, bytes("welcome"));
        });

        assertEquals(2, answer.all("Set-Cookie").size());
        assertTrue(answer.all("Set-Cookie").contains("theme=dark"));
        assertEquals("alice", subject(cookie(answer)));
        assertEquals("John", read(cookie(answer), "name"));
    }

    @Test
    final void an_answer_that_was_made_from_a_session_varies_on_the_cookie() throws IOException {
        Response anonymous = get(r -> r.send(200, bytes("hello " + r.session().get("name", String.class))));
        assertEquals(Set.of("cookie"), vary(anonymous));
        assertEquals(List.of(), anonymous.all("Set-Cookie"));

        Response known = get(r -> r.send(200, bytes("hello " + r.session().get("name", String.class))), newSession());
        assertEquals(Set.of("cookie"), vary(known));
        assertEquals(List.of(), known.all("Set-Cookie"));
    }

    @Test
    final void vary_is_merged_with_the_applications_own() throws IOException {
        Response answer = get(r -> {
            r.addHeader("Vary", "Accept-Encoding, Accept-Language");
            r.session().get("name", String.class);
            r.send(200, bytes("hello"));
        });
        assertEquals(Set.of("accept-encoding", "accept-language", "cookie"), vary(answer));

        Response twice = get(r -> {
            r.addHeader("Vary", "cookie");
            r.session().get("name", String.class);
            r.send(200, bytes("hello"));
        });
        assertEquals("cookie", String.join(",", twice.all("Vary")).toLowerCase(Locale.ROOT));
    }

    @Test
    final void no_store_replaces_what_the_application_said_of_caching_when_a_cookie_is_sent() throws IOException {
        Response answer = get(r -> {
            r.addHeader("Cache-Control", "public, max-age=600");
            r.session().set("name", "John");
            r.send(200, bytes("hello"));
        });

        assertEquals(List.of("no-store"), answer.all("Cache-Control"));
        assertEquals(
                "no-store",
                cacheControl(get(
                        r -> {
                            r.addHeader("Cache-Control", "public, max-age=600");
                            r.session().destroy();
                            r.redirect("/");
                        },
                        cookie(answer))));
    }

    @Test
    final void whatever_else_a_cache_obeys_goes_when_a_cookie_is_sent() throws IOException {
        Map<String, String> said = Map.of(
                "Expires", "Thu, 01 Jan 2099 00:00:00 GMT",
                "Pragma", "public",
                "CDN-Cache-Control", "max-age=600",
                "Cloudflare-CDN-Cache-Control", "max-age=600",
                "Vercel-CDN-Cache-Control", "max-age=600",
                "Netlify-CDN-Cache-Control", "public, max-age=600",
                "Surrogate-Control", "max-age=600",
                "Edge-Control", "max-age=600",
                "X-Accel-Expires", "600",
                "X-LiteSpeed-Cache-Control", "public,max-age=600");
        Response given = get(r -> {
            said.forEach(r::addHeader);
            r.session().set("name", "John");
            r.send(200, bytes("hello"));
        });
        assertEquals("no-store", cacheControl(given));
        said.keySet()
                .forEach(name -> assertTrue(
                        Set.of("no-store", "no-cache", "0").containsAll(given.all(name)),
                        () -> name + ": " + given.all(name)));

        Response untouched = get(r -> {
            said.forEach(r::addHeader);
            r.send(200, bytes("hello"));
        });
        said.forEach((name, value) -> assertEquals(List.of(value), untouched.all(name), name));
    }

    @Test
    final void what_the_application_said_of_caching_stays_when_no_cookie_is_sent() throws IOException {
        Response answer = get(
                r -> {
                    r.addHeader("Cache-Control", "private, max-age=60");
                    r.session().get("name", String.class);
                    r.send(200, bytes("hello"));
                },
                newSession());

        assertEquals(List.of("private, max-age=60"), answer.all("Cache-Control"));
    }

    @Test
    final void a_request_that_does_not_use_its_session_costs_nothing_and_says_nothing() throws IOException {
        String cookie = newSession();
        store.reset();

        Response answer = get(
                r -> {
                    assertNotNull(r.session());
                    r.addHeader("Cache-Control", "public, max-age=600");
                    r.send(200, bytes("hello"));
                },
                cookie);

        assertEquals(Set.of(), vary(answer));
        assertEquals(List.of(), answer.all("Set-Cookie"));
        assertEquals(List.of("public, max-age=600"), answer.all("Cache-Control"));
        assertEquals(List.of(), store.calls());
    }

    @Test
    final void a_read_costs_one_load_and_a_change_one_load_and_one_replacement() throws IOException {
        String cookie = newSession();
        store.reset();

        get(r -> r.send(200, bytes("hello " + r.session().get("name", String.class))), cookie);
        assertEquals(List.of(Call.LOAD), store.calls());

        store.reset();
        get(
                r -> {
                    r.session().set("name", "Jane");
                    r.send(200, bytes("hello"));
                },
                cookie);
        assertEquals(List.of(Call.LOAD, Call.COMPARE_AND_SET), store.calls());
    }

    @Test
    final void a_touch_that_is_due_is_stored_without_a_cookie() throws IOException {
        String cookie = newSession();
        clock.advance(Duration.ofMinutes(2));
        store.reset();

        Response answer = get(r -> r.send(200, bytes("hello " + r.session().get("name", String.class))), cookie);

        assertEquals(List.of(Call.LOAD, Call.TOUCH), store.calls());
        assertEquals(List.of(), answer.all("Set-Cookie"));
    }

    // ---- order in time

    @Test
    final void no_byte_of_an_answer_comes_before_its_session_is_saved() throws IOException {
        assertAnswerWaits(r -> r.send(200, bytes("hello")));
    }

    @Test
    final void no_byte_of_a_stream_comes_before_its_session_is_saved() throws IOException {
        assertAnswerWaits(r -> {
            try (OutputStream out = r.stream(200)) {
                out.write(bytes("hello"));
                out.flush();
            }
        });
    }

    @Test
    final void no_byte_of_a_redirect_comes_before_its_session_is_saved() throws IOException {
        assertAnswerWaits(r -> r.redirect("/home"));
    }

    private void assertAnswerWaits(Scenario answering) throws IOException {
        at("/", r -> {
            r.session().set("name", "John");
            answering.handle(r);
        });
        Hold create = store.holdNext(Call.CREATE);
        try (RawHttp http = connect()) {
            http.send("GET", "/");
            create.awaitCall();
            assertTrue(http.isSilent(), "an answer came before the session was saved");
            create.release();
            assertEquals("John", read(cookie(http.answer("GET")), "name"));
        } finally {
            create.release();
        }
    }

    // ---- requests

    @Test
    final void cookies_in_two_lines_are_read_as_one_list() throws IOException {
        String cookie = newSession();
        at("/", r -> r.send(200, bytes(String.valueOf(r.session().get("name", String.class)))));
        try (RawHttp http = connect()) {
            http.send("GET", "/", "Cookie: theme=dark", "Cookie: " + cookie + "; lang=de");
            assertEquals("John", http.answer("GET").text());
            http.send("GET", "/", "Cookie: lang=de; " + cookie, "Cookie: theme=dark");
            assertEquals("John", http.answer("GET").text());
        }
    }

    @Test
    final void a_rule_for_a_path_holds_for_every_spelling_that_the_router_takes_for_it() throws IOException {
        String cookie = newSession();
        List<String> routed = new ArrayList<>();
        for (String spelling : PathSpellings.of(ROUTE)) {
            store.reset();
            if (reachesRouteWithSession(spelling, cookie)) {
                routed.add(spelling);
                assertEquals(
                        List.of(Call.LOAD, Call.COMPARE_AND_SET, Call.COMPARE_AND_SET),
                        store.calls(),
                        () -> spelling + " went to the handler without the session's lease");
            }
        }
        assertEquals(ROUTE, routed.get(0));
        assertTrue(routed.size() > 1, "no router knows one spelling alone");
        store.reset();
        assertEquals("John", read(cookie, "name"));
        assertEquals(List.of(Call.LOAD), store.calls(), "other paths have no rule");
    }

    /** Whether the framework's router brings a request to the handler at {@link #ROUTE}, and its session with it. */
    private boolean reachesRouteWithSession(String target, String cookie) throws IOException {
        AtomicBoolean routed = new AtomicBoolean();
        at(ROUTE, r -> {
            routed.set(r.session().has("name"));
            r.send(200, bytes("redeemed"));
        });
        try (RawHttp http = connect()) {
            http.send("GET", target, "Cookie: " + cookie, "Connection: close");
            http.answer("GET");
        } catch (EOFException | SocketException refused) {
            return routed.get();
        }
        return routed.get();
    }

    @Test
    final void the_next_request_of_a_connection_does_not_see_the_session_of_the_one_before() throws IOException {
        String cookie = newSession();
        Queue<Session> instances = new ConcurrentLinkedQueue<>();
        at("/", r -> {
            instances.add(r.session());
            r.send(200, bytes(String.valueOf(r.session().get("name", String.class))));
        });
        try (RawHttp http = connect()) {
            http.send("GET", "/", "Cookie: " + cookie);
            assertEquals("John", http.answer("GET").text());
            http.send("GET", "/");
            assertEquals("null", http.answer("GET").text());
            http.send("GET", "/", "Cookie: " + cookie);
            assertEquals("John", http.answer("GET").text());
        }
        assertEquals(3, instances.size());
        assertNotSame(instances.poll(), instances.poll());
    }

    @Test
    final void a_session_that_was_kept_beyond_its_request_refuses_to_work() throws IOException {
        Queue<Session> instances = new ConcurrentLinkedQueue<>();
        at("/", r -> {
            instances.add(r.session());
            r.session().set("name", "John");
            r.send(200, bytes("hello"));
        });
        assertEquals(200, get("/", "unrelated=1").status());

        Session kept = instances.remove();
        // The answer may be here a moment before the handler has returned.
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (isUsable(kept)) {
            assertTrue(System.nanoTime() < giveUp, "the session works though its request has ended");
            Thread.onSpinWait();
        }
    }

    private static boolean isUsable(Session session) {
        try {
            return session.has("name");
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    final void a_handler_gets_the_same_instance_each_time_and_concurrent_requests_different_ones() throws Exception {
        String cookie = newSession();
        CountDownLatch both = new CountDownLatch(2);
        Queue<Session> instances = new ConcurrentLinkedQueue<>();
        at("/", r -> {
            Session mine = r.session();
            instances.add(mine);
            both.countDown();
            await(both);
            assertSame(mine, r.session());
            mine.set("n" + System.identityHashCode(mine), 1);
            r.send(200, bytes("hello"));
        });
        try (RawHttp one = connect();
                RawHttp two = connect()) {
            one.send("GET", "/", "Cookie: " + cookie);
            two.send("GET", "/", "Cookie: " + cookie);
            assertEquals(200, one.answer("GET").status());
            assertEquals(200, two.answer("GET").status());
        }
        Session first = instances.remove();
        Session second = instances.remove();
        assertNotSame(first, second);
        assertEquals("1", read(cookie, "n" + System.identityHashCode(first)));
        assertEquals("1", read(cookie, "n" + System.identityHashCode(second)));
    }

    // ---- tokens

    @Test
    final void no_token_is_in_the_store_a_log_an_answer_or_a_text_whatever_carries_it() throws Exception {
        for (ClientTransport carrier : ClientTransport.values()) {
            LeakDetector transcript = new LeakDetector(store);
            Sessions sessions = Sessions.create(c -> c.secret("ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN")
                    .store(transcript)
                    .clock(clock)
                    .transport(carrier.transport()));
            List<String> tokens;
            try (CapturedLogs logs = CapturedLogs.into(transcript)) {
                Server own = start(sessions, this::handle);
                try {
                    tokens = new LeakScenario(
                                    own.port(),
                                    carrier,
                                    sessions,
                                    store,
                                    transcript,
                                    scenario -> at(LeakScenario.PATH, scenario))
                            .tokens();
                } finally {
                    own.stop().run();
                }
                transcript.add(logs + " " + transcript + " " + sessions);
            }

            assertTrue(
                    tokens.size() >= 4, () -> "a new token for each new id by " + carrier + ", not " + tokens.size());
            assertEquals(Set.of(), transcript.findLeaks(tokens.toArray(String[]::new)), carrier::name);
            assertEquals(Set.of("the secret"), transcript.findLeaks(LeakScenario.MARK), "what is there is found");
        }
    }

    // ---- small parts

    private void at(String path, Scenario scenario) {
        scenarios.put(path, scenario);
    }

    private Response get(Scenario scenario) throws IOException {
        return get(scenario, "unrelated=1");
    }

    private Response get(Scenario scenario, String cookie) throws IOException {
        at("/scenario", scenario);
        return get("/scenario", cookie);
    }

    private Response get(String path, String cookie) throws IOException {
        try (RawHttp http = connect()) {
            http.send("GET", path, "Cookie: " + cookie);
            return http.answer("GET");
        }
    }

    private RawHttp connect() throws IOException {
        if (server == null) {
            throw new IllegalStateException("start() gave no server");
        }
        return RawHttp.connect(server.port());
    }

    /** The cookie that takes the place of this one when its client signs in. */
    private String signedIn(String cookie) throws IOException {
        return cookie(get(
                r -> {
                    r.session().login("alice");
                    r.send(200, bytes("welcome"));
                },
                cookie));
    }

    /** A session in which a name is set; gives the cookie that opens it. */
    private String newSession() throws IOException {
        at("/new", r -> {
            r.session().set("name", "John");
            r.send(200, bytes("hello"));
        });
        return cookie(get("/new", "unrelated=1"));
    }

    /** An attribute, as another request of this client sees it. */
    private String read(String cookie, String name) throws IOException {
        at("/read", r -> r.send(200, bytes(String.valueOf(r.session().get(name, Object.class)))));
        return get("/read", cookie).text();
    }

    private String subject(String cookie) throws IOException {
        at("/subject", r -> r.send(200, bytes(String.valueOf(r.session().subject()))));
        return get("/subject", cookie).text();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The one line of the session's cookie. */
    private static String setCookie(Response answer) {
        List<String> ours = answer.all("Set-Cookie").stream()
                .filter(line -> line.startsWith(COOKIE + "="))
                .toList();
        assertEquals(1, ours.size(), () -> "Set-Cookie lines of the session in " + answer);
        return ours.get(0);
    }

    private static String cookie(Response answer) {
        String pair = setCookie(answer).split(";", 2)[0];
        assertNotEquals(COOKIE + "=", pair, "the cookie was taken away");
        return pair;
    }

    private static Set<String> attributes(String line) {
        return Arrays.stream(line.split(";", -1))
                .skip(1)
                .map(each -> each.trim().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isOver(String attribute) {
        return attribute.equals("max-age=0") || attribute.startsWith("expires=thu, 01 jan 1970");
    }

    private static Set<String> vary(Response answer) {
        return answer.all("Vary").stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(each -> each.trim().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String cacheControl(Response answer) {
        return String.join(", ", answer.all("Cache-Control"));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(SECONDS, TimeUnit.SECONDS), "nothing happened for " + SECONDS + " seconds");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
