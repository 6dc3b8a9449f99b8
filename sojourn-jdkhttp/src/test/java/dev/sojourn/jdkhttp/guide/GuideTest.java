package dev.sojourn.jdkhttp.guide;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.CookieLifetime;
import dev.sojourn.Device;
import dev.sojourn.Key;
import dev.sojourn.OnLimit;
import dev.sojourn.Requests;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.SignIn;
import dev.sojourn.TooManySessionsException;
import dev.sojourn.Transports;
import dev.sojourn.UserSession;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.jdkhttp.SojournFilter;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.CookieAudit;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.FixationCheck;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.SignedInUser;
import dev.sojourn.testing.TestClient;
import dev.sojourn.testing.TestSessions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs the code of the pages in docs/guide that need only this module. A test in another module compares the texts. */
class GuideTest {
    private static final String SECRET = "ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN";

    private final String secret = SECRET;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Deque<HttpServer> servers = new ArrayDeque<>();
    private final List<String> shown = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    // ---- start.md

    @Test
    void the_program_counts_the_views_of_a_client() throws Exception {
        HttpServer server = Counter.start(Sessions.create(c -> c.secret(SECRET)), 0);
        servers.push(server);

        HttpResponse<String> first = send(request(server, "/"));
        assertThat(first.body()).isEqualTo("views: 1\n");
        assertThat(send(request(server, "/").header("Cookie", cookieOf(first))).body())
                .isEqualTo("views: 2\n");
    }

    // ---- sessions.md

    record Cart(List<String> items) {}

    record Todo(String text) {}

    static final Key<Cart> CART = Key.of("cart", Cart.class);
    static final Key<List<Todo>> TODOS = Key.listOf("todos", Todo.class); // also setOf and mapOf

    private static @Nullable String attributes(Session session) {
        session.set("theme", "dark"); // saved before the response leaves
        String theme = session.get("theme", String.class); // null if absent
        session.update("views", Integer.class, n -> n == null ? 1 : n + 1); // saved at once
        session.remove("theme");
        return theme;
    }

    private static void lifetime(Session session) {
        session.idleTimeout(Duration.ofDays(30));
        session.absoluteTimeout(Duration.ofDays(30));
        session.cookie().lifetime(CookieLifetime.session());
    }

    // ---- stores/README.md

    private static Sessions encrypting(String secret, SessionStore store, String recordSecret) {
        Sessions sessions = Sessions.create(c -> c.secret(secret).store(store).encryptRecords(recordSecret));
        return sessions;
    }

    @Test
    void encrypted_sessions_are_read_again() {
        TestClient visitor = new TestClient(encrypting(SECRET, new FaultyStore(), "t5KwQzM8xV2bN9cPj4Ls7Rd0Hf1Gy6Aa"));
        visitor.request(session -> session.set("name", "John"));

        visitor.request(session -> assertThat(session.get("name", String.class)).isEqualTo("John"));
    }

    private static Sessions renewing(String secret) {
        Sessions sessions = Sessions.create(c -> c.secret(secret).renewTokenEvery(Duration.ofMinutes(15)));
        return sessions;
    }

    @Test
    void the_token_of_a_session_is_replaced_from_time_to_time() {
        TestClient visitor = new TestClient(renewing(SECRET));
        visitor.request(session -> session.set("name", "John"));

        visitor.request(session -> assertThat(session.get("name", String.class)).isEqualTo("John"));
    }

    @Test
    void attributes_are_set_read_changed_and_removed() {
        TestClient visitor = new TestClient(Sessions.create(c -> c.secret(SECRET)));
        visitor.request(session -> {
            assertThat(attributes(session)).isEqualTo("dark");
            session.set(CART, new Cart(new ArrayList<>(List.of("tea"))));
            session.set(TODOS, List.of(new Todo("sleep")));
        });
        visitor.request(
                session -> Objects.requireNonNull(session.get(CART)).items().add("cup"));

        visitor.request(session -> {
            assertThat(session.names()).containsExactlyInAnyOrder("views", "cart", "todos");
            assertThat(session.get("views", Integer.class)).isEqualTo(1);
            assertThat(session.get(CART)).isEqualTo(new Cart(List.of("tea", "cup")));
            assertThat(session.get(TODOS)).containsExactly(new Todo("sleep"));
        });
    }

    @Test
    void a_session_can_have_other_timeouts() {
        SettableClock clock = new SettableClock();
        TestClient visitor = new TestClient(
                Sessions.create(c -> c.secret(SECRET).store(new FaultyStore()).clock(clock)));
        visitor.request(session -> {
            session.set("name", "John");
            lifetime(session);
        });
        clock.advance(Duration.ofDays(29));

        visitor.request(session -> assertThat(session.has("name")).isTrue());
    }

    // ---- sign-in.md

    private static void login(HttpExchange exchange) throws IOException {
        Session session = Sojourn.session(exchange);
        session.login("alice");
        session.set("role", "admin");
        exchange.getResponseHeaders().set("Location", "/account");
        exchange.sendResponseHeaders(303, -1); // saved before this leaves
    }

    private static void account(HttpExchange exchange) throws IOException {
        Session session = Sojourn.session(exchange);
        if (session.subject() == null) {
            respond(exchange, 401, "please sign in");
            return;
        }
        respond(exchange, 200, "hello " + session.subject() + ", " + session.get("role", String.class));
    }

    private static void logout(HttpExchange exchange) throws IOException {
        Session session = Sojourn.session(exchange);
        session.destroy();
        respond(exchange, 200, "bye");
    }

    private static void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void a_user_signs_in_and_out() throws Exception {
        HttpServer server = serve(Sessions.create(c -> c.secret(SECRET)), exchange -> {
            switch (exchange.getRequestURI().getPath()) {
                case "/login" -> login(exchange);
                case "/logout" -> logout(exchange);
                default -> account(exchange);
            }
        });

        assertThat(send(request(server, "/account")).statusCode()).isEqualTo(401);
        HttpResponse<String> login = send(request(server, "/login"));
        assertThat(login.statusCode()).isEqualTo(303);
        String cookie = cookieOf(login);
        assertThat(send(request(server, "/account").header("Cookie", cookie)).body())
                .isEqualTo("hello alice, admin");
        assertThat(send(request(server, "/logout").header("Cookie", cookie)).body())
                .isEqualTo("bye");
        assertThat(send(request(server, "/account").header("Cookie", cookie)).statusCode())
                .isEqualTo(401);
    }

    private static void signInWithFacts(Session session) {
        session.login("alice", SignIn.by("pwd", "otp").level("aal2"));
    }

    private static void changePassword(Session session) {
        session.requireFresh(Duration.ofMinutes(10));
    }

    private static void confirm(Session session) {
        session.elevate("payments", Duration.ofMinutes(5));
    }

    private static void pay(Session session) {
        session.requireElevated("payments");
    }

    private static void support(Session session) {
        session.actAs("alice", "admin", Duration.ofMinutes(15));
    }

    @Test
    void a_user_confirms_and_a_supporter_acts_as_that_user() {
        TestClient visitor = new TestClient(Sessions.create(c -> c.secret(SECRET)));
        visitor.request(session -> {
            signInWithFacts(session);
            changePassword(session);
            assertThat(Objects.requireNonNull(session.signIn()).methods()).containsExactly("pwd", "otp");
            confirm(session);
            pay(session);
            support(session);
            assertThat(session.actingBy()).isEqualTo("admin");
        });
    }

    private static void loginFor(Session session, boolean staySignedIn) {
        session.login("alice");
        if (staySignedIn) {
            session.remember();
        }
    }

    @Test
    void a_browser_is_remembered_if_the_user_wants_that() {
        Sessions sessions = Sessions.create(c -> c.secret(SECRET).rememberMe());
        new TestClient(sessions).request(session -> loginFor(session, true));
        new TestClient(sessions).request(session -> loginFor(session, false));

        assertThat(sessions.of("alice").list())
                .extracting(UserSession::remembered)
                .containsExactlyInAnyOrder(true, false);
    }

    private void list(Sessions sessions, Session session) {
        for (UserSession each : sessions.of("alice").list(session)) {
            show(each.publicId(), each.createdAt(), each.lastAccessedAt(), each.current());
        }
    }

    private void listDevices(Sessions sessions, Session session) {
        for (UserSession each : sessions.of("alice").list(session)) {
            Device device = each.device();
            String name = device == null || device.name() == null ? "unknown device" : device.name();
            shown.add(name + ", since " + each.signedInAt());
        }
    }

    @Test
    void the_devices_of_a_user_are_listed() {
        Sessions sessions = Sessions.create(c -> c.secret(SECRET));
        new TestClient(sessions).request(session -> session.login("alice"));

        new TestClient(sessions).request(session -> listDevices(sessions, session));

        assertThat(shown).hasSize(1).allMatch(line -> line.startsWith("unknown device, since 2"));
    }

    private void show(String publicId, Instant created, Instant lastAccessed, boolean current) {
        assertThat(lastAccessed).isAfterOrEqualTo(created);
        shown.add(publicId + (current ? ", this one" : ""));
    }

    private void loginOrShowSessions(Session session) {
        try {
            session.login("alice");
        } catch (TooManySessionsException e) {
            for (UserSession each : e.sessions()) {
                show(each.publicId(), each.createdAt(), each.lastAccessedAt(), false);
            }
        }
    }

    @Test
    void a_third_login_ends_the_first_session_or_shows_both() {
        Sessions sessions = Sessions.create(c -> c.secret(secret).maxSessionsPerUser(2, OnLimit.END_OLDEST));
        for (int i = 0; i < 3; i++) {
            new TestClient(sessions).request(this::loginOrShowSessions);
        }
        assertThat(sessions.of("alice").list()).hasSize(2);
        assertThat(shown).isEmpty();

        Sessions asking = Sessions.create(c -> c.secret(secret).maxSessionsPerUser(2, OnLimit.ASK));
        for (int i = 0; i < 3; i++) {
            new TestClient(asking).request(this::loginOrShowSessions);
        }
        assertThat(asking.of("alice").list()).hasSize(2);
        assertThat(shown).hasSize(2);
    }

    private static void end(Sessions sessions, Session session, String publicId) {
        sessions.of("alice").end(publicId); // one session
        sessions.of("alice").endOthers(session); // all except this one
        sessions.of("alice").endAll(); // for example after a change of password
    }

    @Test
    void the_sessions_of_a_user_are_listed_and_ended() {
        Sessions sessions = Sessions.create(c -> c.secret(SECRET));
        TestClient here = new TestClient(sessions);
        TestClient there = new TestClient(sessions);
        here.request(session -> session.login("alice"));
        there.request(session -> session.login("alice"));

        here.request(session -> {
            list(sessions, session);
            assertThat(shown).hasSize(2).contains(session.publicId() + ", this one");
            end(sessions, session, session.publicId());
        });

        assertThat(sessions.of("alice").list()).isEmpty();
        there.request(session -> assertThat(session.subject()).isNull());
    }

    // ---- express.md

    private HttpServer mount(HttpServer server, HttpHandler handler) {
        Sessions sessions =
                Sessions.create(c -> c.secret(secret).cookie(k -> k.lifetime(CookieLifetime.of(Duration.ofHours(1)))));
        server.createContext("/", handler).getFilters().add(new SojournFilter(sessions));
        return server;
    }

    @Test
    void a_cookie_has_a_lifetime() throws Exception {
        HttpServer server = mount(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), GuideTest::login);
        servers.push(server);
        server.start();

        assertThat(send(request(server, "/")).headers().firstValue("Set-Cookie").orElseThrow())
                .contains("Max-Age=3600");
    }

    // ---- csrf.md

    private static void pay(HttpExchange exchange) throws IOException {
        Session session = Sojourn.session(exchange);
        session.requireCsrfToken(formField(exchange, "_csrf")); // 403 unless it counts
        respond(exchange, 200, "paid by " + session.subject());
    }

    private static String form(Session session) {
        return "<form method=post action=/pay>"
                + "<input type=hidden name=_csrf value=" + session.csrfToken() + ">"
                + "<button>Pay</button></form>";
    }

    private static List<String> formField(HttpExchange exchange, String name) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        return Stream.of(body.split("&"))
                .filter(each -> each.startsWith(name + "="))
                .map(each -> each.substring(name.length() + 1))
                .toList();
    }

    @Test
    void pages_of_other_sites_are_refused_unless_they_are_trusted_or_exempt() throws Exception {
        Sessions sessions = Sessions.create(c -> c.secret(secret)
                .csrf(k -> k.trustedOrigin("https://app.shop.example")
                        .exempt("/login/saml")
                        .checkWithoutCookie("/login")
                        .requireToken("/pay")));
        HttpServer server = serve(sessions, exchange -> {
            switch (exchange.getRequestURI().getPath()) {
                case "/form" -> {
                    Sojourn.session(exchange).login("alice");
                    respond(exchange, 200, form(Sojourn.session(exchange)));
                }
                case "/pay" -> pay(exchange);
                default -> respond(exchange, 200, "ok");
            }
        });
        HttpResponse<String> form = send(request(server, "/form"));
        String cookie = cookieOf(form);
        String token = form.body().replaceAll(".*value=([^>]*)>.*", "$1");

        assertThat(post(server, "/act", cookie, "", "cross-site").statusCode()).isEqualTo(403);
        assertThat(post(server, "/login/saml", cookie, "", "cross-site").statusCode())
                .isEqualTo(200);
        assertThat(post(server, "/login", "a=b", "", "cross-site").statusCode()).isEqualTo(403);
        assertThat(post(server, "/pay", cookie, "_csrf=" + token, "same-origin").body())
                .isEqualTo("paid by alice");
        assertThat(post(server, "/pay", cookie, "", "same-origin").statusCode()).isEqualTo(403);
    }

    private HttpResponse<String> post(HttpServer server, String path, String cookie, String form, String site)
            throws Exception {
        return send(request(server, path)
                .header("Cookie", cookie)
                .header("Sec-Fetch-Site", site)
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    // ---- testing.md

    @Test
    void a_test_sets_the_clock_and_makes_a_store_fail() throws Exception {
        SettableClock clock = new SettableClock();
        FaultyStore store = new FaultyStore();
        Sessions sessions = Sessions.create(c -> c.secret(SECRET).store(store).clock(clock));
        HttpServer server = serve(sessions, GuideTest::account);
        URI url = request(server, "/account").build().uri();

        SignedInUser alice = TestSessions.of(sessions).signIn("alice", session -> session.set("role", "admin"));
        HttpRequest request = HttpRequest.newBuilder(url)
                .header(alice.headerName(), alice.headerValue())
                .build();

        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hello alice, admin");
        store.reset();
        client.send(request, BodyHandlers.ofString());
        assertThat(store.calls()).containsExactly(Call.LOAD);
        store.failNext(Call.LOAD, Fault.NOT_DONE);
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(503);
        store.failAll();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(503);
        store.reset();
        clock.advance(Duration.ofMinutes(31));
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }

    @Test
    void handlers_are_checked_against_fixation_and_their_cookie_is_audited() throws Exception {
        HttpServer server = serve(Sessions.create(c -> c.secret(SECRET)), exchange -> {
            switch (exchange.getRequestURI().getPath()) {
                case "/login" -> login(exchange);
                case "/logout" -> logout(exchange);
                default -> account(exchange);
            }
        });
        HttpRequest login = request(server, "/login").build();
        HttpRequest account = request(server, "/account").build();
        HttpRequest logout = request(server, "/logout").build();

        FixationCheck.of("__Host-id").signIn(login).account(account).run().assertPassed();
        CookieAudit.of("__Host-id")
                .signIn(login)
                .account(account)
                .signOut(logout)
                .run()
                .assertPassed();
    }

    // ---- apis-and-mobile.md

    private static void me(HttpExchange exchange) throws IOException {
        Session session = Sojourn.session(exchange);
        if (session.subject() == null) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            exchange.sendResponseHeaders(401, -1);
            return;
        }
        respond(exchange, 200, "hello " + session.subject());
    }

    @Test
    void browsers_and_mobile_clients_share_an_application() throws Exception {
        Sessions sessions = Sessions.create(c -> c.secret(secret)
                .transport(Transports.cookie(), Transports.bearer()) // tokens are accepted from both
                .newTokensBy(Transports.bearer(), Requests.below("/api"))); // a new token below /api goes into a header
        HttpServer server = serve(sessions, exchange -> {
            if (exchange.getRequestURI().getPath().endsWith("/login")) {
                login(exchange);
            } else {
                me(exchange);
            }
        });

        HttpResponse<String> refused = send(request(server, "/api/me"));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(send(request(server, "/login")).headers().allValues("Set-Cookie"))
                .hasSize(1);
        HttpResponse<String> login = send(request(server, "/api/login"));
        assertThat(login.headers().allValues("Set-Cookie")).isEmpty();
        String token = login.headers().firstValue("Session-Token").orElseThrow();
        assertThat(send(request(server, "/api/me").header("Authorization", "Bearer " + token))
                        .body())
                .isEqualTo("hello alice");
    }

    // ---- changing-classes.md

    record FormerPerson(String name, int born) {}

    record Person(String name, Born born) {}

    record Born(int year, int month) {}

    private static @Nullable Person person(Session session) {
        Person person = session.get("person", Person.class);
        if (person == null && session.has("person")) {
            FormerPerson former = session.get("person", FormerPerson.class);
            if (former != null) {
                person = new Person(former.name(), new Born(former.born(), 1));
                session.set("person", person);
            }
        }
        return person;
    }

    @Test
    void a_value_is_read_once_as_its_former_class() {
        TestClient visitor = new TestClient(Sessions.create(c -> c.secret(SECRET)));
        visitor.request(session -> session.set("person", new FormerPerson("John", 1970)));

        visitor.request(session -> assertThat(person(session)).isEqualTo(new Person("John", new Born(1970, 1))));
        visitor.request(session ->
                assertThat(session.get("person", Person.class)).isEqualTo(new Person("John", new Born(1970, 1))));
    }

    // ---- proxies.md: the module clients runs the proxies; this is the code of the application

    @Test
    void a_configured_proxy_is_trusted() throws IOException {
        Sessions sessions = Sessions.create(c -> c.secret(secret).trustedProxies("127.0.0.1"));

        assertThat(throughProxy(sessions)).startsWith("HTTP/1.1 200").contains("Path=/;");
    }

    @Test
    void another_proxy_is_not_trusted() throws IOException {
        Sessions sessions = Sessions.create(c -> c.secret(secret).trustedProxies("::1"));

        assertThat(throughProxy(sessions)).startsWith("HTTP/1.1 500").doesNotContain("Path=");
    }

    @Test
    void a_proxy_strips_a_prefix() throws IOException {
        Sessions sessions = Sessions.create(
                c -> c.secret(secret).trustedProxies("127.0.0.1").cookie(k -> k.publicPath("/shop")));

        assertThat(throughProxy(sessions)).startsWith("HTTP/1.1 200").contains("Path=/shop;");
    }

    /** Returns the response to a client whose TLS ended at a proxy on 127.0.0.1. */
    private String throughProxy(Sessions sessions) throws IOException {
        HttpServer server = serve(sessions, exchange -> {
            Sojourn.session(exchange).set("name", "John");
            respond(exchange, 200, "saved");
        });
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            String request = String.join(
                    "\r\n",
                    "GET / HTTP/1.1",
                    "Host: app.example.com",
                    "X-Forwarded-Proto: https",
                    "Connection: close",
                    "",
                    "");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    // ---- the server

    private HttpServer serve(Sessions sessions, HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler).getFilters().add(new SojournFilter(sessions));
        server.start();
        servers.push(server);
        return server;
    }

    private static HttpRequest.Builder request(HttpServer server, String path) {
        return HttpRequest.newBuilder(
                URI.create("http://localhost:" + server.getAddress().getPort() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String cookieOf(HttpResponse<String> response) {
        return response.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }
}
