package dev.sojourn.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.EndpointResponse;
import dev.sojourn.Session;
import dev.sojourn.SessionStatus;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.SignedInUser;
import dev.sojourn.testing.TestSessions;
import dev.sojourn.undertow.SojournHandler;
import io.undertow.Undertow;
import io.undertow.server.handlers.BlockingHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients may send in the cookies, headers and fields of Sojourn, on two servers: one line, no 5xx, nothing stored. */
class GarbageTest {
    private static final List<String> GARBAGE = List.of(
            "",
            " ",
            "x",
            "null",
            "a.b.c",
            "..",
            "%00%ff%2e",
            "'; DROP TABLE sessions; --",
            "<script>alert(1)</script>",
            "{\"sub\":\"alice\"}",
            "A".repeat(43) + ".1." + "A".repeat(43),
            "A".repeat(43) + ".99999999999999999999." + "A".repeat(43),
            "z".repeat(4_000));

    private static final FaultyStore STORE = new FaultyStore();
    private static final Sessions SESSIONS =
            Sessions.create(c -> c.secret(ClientsTest.SECRET).store(STORE).rememberMe());
    private static final ExecutorService THREADS = Executors.newFixedThreadPool(4);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static HttpServer jdk;
    private static Undertow undertow;

    private final SignedInUser alice = TestSessions.of(SESSIONS).signIn("alice");

    @BeforeAll
    static void start() throws IOException {
        jdk = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        jdk.setExecutor(THREADS);
        HttpContext context = jdk.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Sojourn.send(
                    exchange,
                    respond(Sojourn.session(exchange), exchange.getRequestURI().getPath(), body));
        });
        context.getFilters().add(new SojournFilter(SESSIONS));
        jdk.start();
        undertow = Undertow.builder()
                .setIoThreads(2)
                .setWorkerThreads(4)
                .addHttpListener(0, "127.0.0.1")
                .setHandler(new BlockingHandler(new SojournHandler(SESSIONS, exchange -> {
                    String body = new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    dev.sojourn.undertow.Sojourn.send(
                            exchange,
                            respond(dev.sojourn.undertow.Sojourn.session(exchange), exchange.getRequestPath(), body));
                })))
                .build();
        undertow.start();
    }

    @AfterAll
    static void stop() {
        jdk.stop(0);
        undertow.stop();
        THREADS.shutdownNow();
    }

    private static EndpointResponse respond(Session session, String path, String body) {
        return switch (path) {
            case "/status" -> SessionStatus.read(session);
            case "/extend" -> SessionStatus.extend(session);
            case "/act" -> {
                session.requireCsrfToken(body);
                session.set("acted", true);
                yield text("acted");
            }
            case "/save" -> {
                session.set("saved", true);
                yield text("saved");
            }
            default -> text(String.valueOf(session.subject()));
        };
    }

    private static EndpointResponse text(String line) {
        return new EndpointResponse(
                200, Map.of("Content-Type", "text/plain"), (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @BeforeEach
    void forgetCallsOfTheSignIn() {
        STORE.reset();
    }

    private static HttpResponse<String> post(String server, String path, String body, String... headers)
            throws IOException, InterruptedException {
        int port = server.equals("JDK")
                ? jdk.getAddress().getPort()
                : ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .headers(headers)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static void assertOneLine(int status, HttpResponse<String> response, String garbage) {
        assertThat(response.statusCode()).as(garbage).isEqualTo(status);
        assertThat(response.body()).as(garbage).hasLineCount(1);
        assertThat(STORE.calls()).as(garbage).doesNotContain(Call.CREATE, Call.COMPARE_AND_SET, Call.TOUCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JDK", "Undertow"})
    void tokens_in_the_cookies_sign_nobody_in_extend_nothing_and_store_nothing(String server) throws Exception {
        for (String cookie : List.of("__Host-id", "__Host-remember")) {
            for (String garbage : GARBAGE) {
                String sent = cookie + "=" + garbage;
                HttpResponse<String> who = post(server, "/who", "", "Cookie", sent);
                assertOneLine(200, who, sent);
                assertThat(who.body()).as(sent).isEqualTo("null\n");
                assertOneLine(200, post(server, "/status", "", "Cookie", sent), sent);
                assertOneLine(401, post(server, "/extend", "", "Cookie", sent), sent);
            }
        }
        assertThat(STORE.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JDK", "Undertow"})
    void csrf_tokens_in_the_field_are_refused_before_the_session_is_loaded(String server) throws Exception {
        for (String garbage : GARBAGE) {
            assertOneLine(403, post(server, "/act", garbage, alice.headerName(), alice.headerValue()), garbage);
            assertOneLine(403, post(server, "/act", garbage, "Cookie", "unrelated=1"), garbage);
        }
        assertThat(STORE.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JDK", "Undertow"})
    void csrf_tokens_in_the_header_of_an_old_browser_are_refused_before_the_handler(String server) throws Exception {
        for (String garbage : GARBAGE) {
            HttpResponse<String> response = post(
                    server,
                    "/save",
                    "",
                    alice.headerName(),
                    alice.headerValue(),
                    "User-Agent",
                    "Mozilla/5.0",
                    "X-CSRF-Token",
                    garbage);
            assertOneLine(403, response, garbage);
        }
        assertThat(STORE.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JDK", "Undertow"})
    void the_same_requests_are_served_with_what_the_server_issued(String server) throws Exception {
        HttpResponse<String> extended = post(server, "/extend", "", alice.headerName(), alice.headerValue());
        HttpResponse<String> saved = post(server, "/save", "", alice.headerName(), alice.headerValue());

        assertThat(extended.statusCode()).isEqualTo(200);
        assertThat(saved.body()).isEqualTo("saved\n");
        assertThat(STORE.calls()).contains(Call.COMPARE_AND_SET);
    }
}
