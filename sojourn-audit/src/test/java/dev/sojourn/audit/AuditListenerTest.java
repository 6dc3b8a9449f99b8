package dev.sojourn.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The audit log of an application over real HTTP, as a back end of SLF4J receives it. */
class AuditListenerTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(AuditListener.LOGGER);
    private static final String SECRET = "qV9xT2mK7wZ4rB8nL1cY6hJ3pD5sF0gA";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final SettableClock clock = new SettableClock();

    @BeforeEach
    void capture() {
        log.start();
        LOGGER.addAppender(log);
        LOGGER.setLevel(Level.INFO);
        LOGGER.setAdditive(false);
    }

    @AfterEach
    void stop() {
        LOGGER.detachAppender(log);
    }

    /** A server whose listener is the audit log, and one browser. */
    private final class Shop implements AutoCloseable {
        private final HttpServer server;
        private final HttpClient client = HttpClient.newHttpClient();
        private String cookie = "";

        Shop(AuditListener listener) throws IOException {
            Sessions sessions = Sessions.create(c -> c.secret(SECRET)
                    .clock(clock)
                    .listener(listener)
                    .rememberMe()
                    .cookie(k -> k.name("__Host-id")));
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            page(sessions, "/set", session -> session.set("name", "a secret value"));
            page(sessions, "/login", session -> session.login("ali\u202ece"));
            page(sessions, "/elevate", session -> session.elevate("payments", Duration.ofMinutes(5)));
            page(sessions, "/act", session -> session.actAs("bob", "alice", Duration.ofMinutes(5)));
            page(sessions, "/remember", Session::remember);
            page(sessions, "/logout", Session::destroy);
            page(sessions, "/read", Session::subject);
            server.createContext("/idle", this::respond);
            server.start();
        }

        private void page(Sessions sessions, String path, Consumer<Session> handler) {
            server.createContext(path, exchange -> {
                        handler.accept(Sojourn.session(exchange));
                        respond(exchange);
                    })
                    .getFilters()
                    .add(new SojournFilter(sessions));
        }

        private void respond(HttpExchange exchange) throws IOException {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        }

        private HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(
                    URI.create("http://localhost:" + server.getAddress().getPort() + path));
        }

        HttpResponse<String> send(String method, String path, String... headers) throws Exception {
            HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.noBody());
            if (!cookie.isEmpty()) {
                request.header("Cookie", cookie);
            }
            if (headers.length > 0) {
                request.headers(headers);
            }
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            // The server has one thread, which notifies the listener before it serves the next request.
            client.send(request("/idle").build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").stream()
                    .filter(line -> line.startsWith("__Host-id=") && !line.contains("Max-Age=0"))
                    .forEach(line -> cookie = line.substring(0, line.indexOf(';')));
            return response;
        }

        HttpResponse<String> get(String path) throws Exception {
            return send("GET", path);
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static Map<String, Object> pairs(ILoggingEvent entry) {
        Map<String, Object> pairs = new TreeMap<>();
        entry.getKeyValuePairs().forEach(pair -> pairs.put(pair.key, pair.value));
        return pairs;
    }

    private List<Object> events() {
        return log.list.stream().map(entry -> pairs(entry).get("event")).toList();
    }

    private Map<String, Object> last() {
        return pairs(log.list.get(log.list.size() - 1));
    }

    @Test
    void a_session_and_its_sign_ins_have_the_names_of_the_owasp_vocabulary() throws Exception {
        try (Shop shop = new Shop(AuditListener.create(clock))) {
            shop.get("/set");
            shop.get("/login");
            shop.get("/elevate");
            shop.get("/act");
            shop.get("/logout");

            assertThat(events())
                    .containsExactly(
                            "session_created",
                            "session_renewed",
                            "authn_login_success",
                            "authz_change",
                            "session_expired",
                            "session_renewed",
                            "authz_admin",
                            "session_expired");
            assertThat(last()).containsEntry("reason", "destroyed").containsEntry("user", "bob");
            assertThat(pairs(log.list.get(3))).containsEntry("scope", "payments");
            assertThat(pairs(log.list.get(6))).containsEntry("user", "bob").containsKey("by");
            assertThat(log.list.get(2).getLevel()).isEqualTo(Level.INFO);
            assertThat(log.list.get(3).getLevel()).isEqualTo(Level.WARN);
        }
    }

    @Test
    void an_expired_session_has_the_timeout_as_its_reason() throws Exception {
        try (Shop shop = new Shop(AuditListener.create(clock))) {
            shop.get("/set");
            clock.advance(Duration.ofHours(1));
            shop.get("/read");

            assertThat(last()).containsEntry("event", "session_expired").containsEntry("reason", "idle");
        }
    }

    @Test
    void no_entry_has_a_token_an_attribute_or_more_than_one_line() throws Exception {
        try (Shop shop = new Shop(AuditListener.create(clock))) {
            shop.get("/set");
            String first = shop.cookie;
            shop.get("/login");
            shop.get("/remember");
            String signedIn = shop.cookie;
            shop.get("/logout");

            String written = log.list.stream()
                    .map(entry -> entry.getFormattedMessage() + pairs(entry))
                    .toList()
                    .toString();
            assertThat(written)
                    .contains("user=ali\\u202ece")
                    .doesNotContain("\n", "\r", "a secret value")
                    .doesNotContain(first.substring("__Host-id=".length(), 40))
                    .doesNotContain(signedIn.substring("__Host-id=".length(), 40));
        }
    }

    @Test
    void a_flood_of_forged_tokens_is_one_entry_in_a_minute() throws Exception {
        try (Shop shop = new Shop(AuditListener.create(clock))) {
            shop.cookie = "__Host-id=forged";
            for (int i = 0; i < 20; i++) {
                shop.get("/read");
            }
            assertThat(events()).containsExactly("input_validation_fail");
            assertThat(last())
                    .containsEntry("reason", "token_not_issued")
                    .containsEntry("repeated", 0L)
                    .containsEntry("address", "127.0.0.1");

            clock.advance(Duration.ofMinutes(1));
            shop.get("/read");

            assertThat(events()).hasSize(2);
            assertThat(last()).containsEntry("repeated", 19L);
        }
    }

    @Test
    void a_request_of_another_site_names_the_origin() throws Exception {
        try (Shop shop = new Shop(AuditListener.create(clock))) {
            shop.get("/set");
            assertThat(shop.send("POST", "/logout", "Origin", "https://evil.example")
                            .statusCode())
                    .isEqualTo(403);

            assertThat(last())
                    .containsEntry("event", "malicious_cors")
                    .containsEntry("origin", "https://evil.example")
                    .containsEntry("method", "POST")
                    .containsEntry("path", "/logout")
                    .containsEntry("outcome", "refused");
        }
    }

    @Test
    void users_can_be_hashed_with_a_key() throws Exception {
        try (Shop shop = new Shop(AuditListener.create(clock).hashUsers(SECRET))) {
            shop.get("/login");
            Object user = last().get("user");
            shop.cookie = "";
            shop.get("/login");

            assertThat(String.valueOf(user)).matches("[A-Za-z0-9_-]{22}");
            assertThat(last()).containsEntry("user", user);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditListener.create().hashUsers("short"))
                .withMessageContaining("at least 32")
                .withMessageNotContaining("short");
        assertThat(AuditListener.create().hashUsers(SECRET).toString()).doesNotContain(SECRET);
    }
}
