package dev.sojourn.jdkhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.sojourn.Revocations;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.Sessions;
import dev.sojourn.SignIn;
import dev.sojourn.TokenSessions;
import dev.sojourn.TokenViews;
import dev.sojourn.Transports;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AuditReport;
import dev.sojourn.testing.AuditReport.Finding;
import dev.sojourn.testing.AuditReport.Result;
import dev.sojourn.testing.CookieAudit;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FixationCheck;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.SignedInAs;
import dev.sojourn.testing.SignedInUser;
import dev.sojourn.testing.TestClockServer;
import dev.sojourn.testing.TestSessions;
import dev.sojourn.testing.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What sojourn-testing has for applications, against real handlers over HTTP. */
class ApplicationTestingTest {
    private static final String SECRET = "ZnT0pGm1xkQv9yHc4sUe7wRb2dLfA8jN";

    private final SettableClock clock = new SettableClock();
    private final Sessions sessions =
            Sessions.create(c -> c.secret(SECRET).store(new FaultyStore()).clock(clock));
    private final HttpClient client = HttpClient.newHttpClient();
    private final Deque<HttpServer> servers = new ArrayDeque<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    // ---- signing in

    @Test
    void one_line_signs_a_user_in_with_attributes_and_facts() throws Exception {
        URI url = serve(sessions, ApplicationTestingTest::describe);
        SignedInUser alice = TestSessions.of(sessions)
                .signIn("alice", SignIn.by("pwd", "otp"), session -> session.set("role", "admin"));

        assertThat(get(url, alice)).isEqualTo("alice admin [pwd, otp]");
        assertThat(alice.headerValue()).isEqualTo(alice.cookieName() + "=" + alice.cookieValue());
        assertThat(alice.user()).isEqualTo("alice");
        assertThat(alice.toString()).isEqualTo("SignedInUser[alice, Cookie]");
        assertThat(get(url, TestSessions.of(sessions).signIn("bob"))).isEqualTo("bob null []");
    }

    @Test
    void a_user_signs_in_by_a_bearer_token_or_another_header() throws Exception {
        Sessions bearer = Sessions.create(c -> c.secret(SECRET).transport(Transports.bearer()));
        SignedInUser alice = TestSessions.of(bearer).signIn("alice");
        assertThat(alice.headerName()).isEqualToIgnoringCase("Authorization");
        assertThat(get(serve(bearer, ApplicationTestingTest::describe), alice)).isEqualTo("alice null []");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(alice::cookieValue)
                .withMessageContaining("headerName()");

        Sessions header = Sessions.create(c -> c.secret(SECRET).transport(Transports.header("X-Session")));
        SignedInUser bob = TestSessions.of(header).signIn("bob");
        assertThat(bob.headerName()).isEqualToIgnoringCase("X-Session");
        assertThat(get(serve(header, ApplicationTestingTest::describe), bob)).isEqualTo("bob null []");
    }

    @Test
    void a_user_signs_in_to_sessions_with_access_tokens() throws Exception {
        FaultyStore store = new FaultyStore();
        TokenSessions tokens = TokenSessions.create(c ->
                c.secret(SECRET).store(store).access(new TestTokens()).revocations(Revocations.in(new FaultyStore())));
        SignedInUser alice = TestSessions.of(tokens).signIn("alice");

        assertThat(alice.headerValue()).startsWith("Bearer ");
        assertThat(get(serve(tokens, ApplicationTestingTest::describe), alice)).startsWith("alice ");
    }

    @Test
    void views_of_foreign_tokens_have_no_sign_in() {
        TokenViews views = TokenViews.create(c -> c.trust(new TestTokens()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestSessions.of(views))
                .withMessageContaining("TestTokens");
    }

    @Test
    void parameters_are_signed_in_users(
            @SignedInAs("alice") SignedInUser alice, @SignedInAs(value = "bob", methods = "hwk") SignedInUser bob)
            throws Exception {
        URI url = serve(sessions, ApplicationTestingTest::describe);

        assertThat(get(url, alice)).isEqualTo("alice null []");
        assertThat(get(url, bob)).isEqualTo("bob null [hwk]");
    }

    @Test
    @SignedInAs("carol")
    void the_annotation_of_a_method_counts_for_its_parameters(
            SignedInUser carol, @SignedInAs("dave") SignedInUser dave) {
        assertThat(List.of(carol.user(), dave.user())).containsExactly("carol", "dave");
    }

    // ---- the clock

    @Test
    void the_clock_is_moved_over_http_and_refuses_garbage() throws Exception {
        SignedInUser alice = TestSessions.of(sessions).signIn("alice");
        URI url = serve(sessions, ApplicationTestingTest::describe);
        try (TestClockServer clockServer = TestClockServer.start(clock)) {
            URI moves = clockServer.url();
            assertThat(get(url, alice)).startsWith("alice");
            for (String wrong :
                    List.of("", "?by=", "?by=soon", "?by=P999999999D", "?to=PT31M", "?by=PT9999999999999999H")) {
                assertThat(post(URI.create(moves + wrong)).statusCode())
                        .as(wrong)
                        .isEqualTo(400);
            }
            assertThat(post(URI.create(moves + "/other?by=PT31M")).statusCode()).isEqualTo(404);
            HttpRequest read =
                    HttpRequest.newBuilder(URI.create(moves + "?by=PT31M")).build();
            assertThat(client.send(read, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
            assertThat(get(url, alice)).startsWith("alice");

            HttpResponse<String> moved = post(URI.create(moves + "?by=PT31M"));
            assertThat(moved.statusCode()).isEqualTo(200);
            assertThat(moved.body()).isEqualTo(clock.instant() + "\n");
            assertThat(get(url, alice)).startsWith("null");
        }
    }

    // ---- checks

    @Test
    void good_handlers_pass_both_checks() throws Exception {
        URI url = serve(sessions, ApplicationTestingTest::site);

        AuditReport fixation = fixation("__Host-id", url).run();
        AuditReport cookies = audit("__Host-id", url).run();

        fixation.assertPassed();
        cookies.assertPassed();
        assertThat(fixation.findings()).hasSize(7).allMatch(each -> each.result() == Result.PASSED);
        assertThat(cookies.findings()).hasSize(15).allMatch(each -> each.result() == Result.PASSED);
    }

    @Test
    void each_mistake_of_bad_handlers_is_found() throws Exception {
        URI url = serve(new BadSite());

        AuditReport fixation = fixation("sid", url).run();
        AuditReport cookies = audit("sid", url).maxLifetime(Duration.ofDays(30)).run();

        assertThat(fixation.failures())
                .extracting(Finding::rule)
                .containsExactly(
                        "with an invented id, signing in sets another id",
                        "with an invented id, the attacker is not signed in afterwards",
                        "with the id of a session that the attacker was given, signing in sets another id",
                        "with the id of a session that the attacker was given, the attacker is not signed in afterwards");
        assertThat(cookies.failures())
                .extracting(Finding::rule)
                .containsExactly(
                        "the cookie is HttpOnly",
                        "the cookie is Secure",
                        "the cookie is SameSite Lax or Strict",
                        "the cookie's name has the prefix __Host- or __Secure-",
                        "the cookie's lifetime is at most PT720H",
                        "the response that sets the cookie is not stored by caches",
                        "signing in changes the id",
                        "the id has room for 128 random bits",
                        "neither an address nor a page shows the id",
                        "signing out removes the cookie",
                        "signing out ends the session on the server");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(cookies::assertPassed)
                .withMessageContaining("FAILED  the cookie is HttpOnly: scripts can read it");
    }

    @Test
    void a_check_says_what_it_could_not_check() throws Exception {
        URI url = serve(sessions, ApplicationTestingTest::site);

        AuditReport report = CookieAudit.of("__Host-id")
                .signIn(request(url, "/login"))
                .account(request(url, "/account"))
                .run();

        report.assertPassed();
        assertThat(report.findings())
                .filteredOn(each -> each.result() == Result.NOT_CHECKED)
                .extracting(Finding::rule)
                .containsExactly(
                        "signing in changes the id",
                        "signing out removes the cookie",
                        "signing out ends the session on the server");
    }

    private static FixationCheck fixation(String cookie, URI url) {
        return FixationCheck.of(cookie)
                .page(request(url, "/"))
                .signIn(request(url, "/login"))
                .account(request(url, "/account"));
    }

    private static CookieAudit audit(String cookie, URI url) {
        return CookieAudit.of(cookie)
                .page(request(url, "/"))
                .signIn(request(url, "/login"))
                .account(request(url, "/account"))
                .signOut(request(url, "/logout"));
    }

    // ---- handlers

    private static void describe(HttpExchange exchange) throws IOException {
        SessionView view = Sojourn.view(exchange);
        SignIn how = view.signIn();
        respond(
                exchange,
                200,
                view.subject() + " " + view.get("role", String.class) + " "
                        + (how == null ? List.of() : how.methods()));
    }

    private static void site(HttpExchange exchange) throws IOException {
        Session session = Sojourn.session(exchange);
        switch (exchange.getRequestURI().getPath()) {
            case "/login" -> session.login("alice");
            case "/logout" -> session.destroy();
            case "/account" -> session.requireSubject();
            default -> session.set("theme", "dark");
        }
        respond(exchange, 200, "done");
    }

    /** A site without a session library that makes every mistake: it adopts and keeps any id, shows it, and ends nothing. */
    private static final class BadSite implements HttpHandler {
        private final Set<String> signedIn = ConcurrentHashMap.newKeySet();

        @Override
        public void handle(HttpExchange exchange) throws IOException {
            String cookie =
                    Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Cookie"), "");
            String id = cookie.startsWith("sid=") ? cookie.substring(4) : "n" + System.nanoTime();
            int status = 200;
            switch (exchange.getRequestURI().getPath()) {
                case "/login" -> signedIn.add(id);
                case "/account" -> status = signedIn.contains(id) ? 200 : 401;
                default -> {}
            }
            if (!exchange.getRequestURI().getPath().equals("/logout")) {
                exchange.getResponseHeaders().add("Set-Cookie", "sid=" + id + "; Max-Age=31536000");
            }
            respond(exchange, status, "<a href='/next;sid=" + id + "'>next</a>");
        }
    }

    private static void respond(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    // ---- server and client

    private URI serve(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        servers.push(server);
        server.createContext("/", handler);
        server.start();
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    private URI serve(SessionSource source, HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        servers.push(server);
        server.createContext("/", handler).getFilters().add(new SojournFilter(source));
        server.start();
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    private static HttpRequest request(URI url, String path) {
        return HttpRequest.newBuilder(url.resolve(path)).build();
    }

    private String get(URI url, SignedInUser user) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header(user.headerName(), user.headerValue())
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    private HttpResponse<String> post(URI url) throws Exception {
        return client.send(
                HttpRequest.newBuilder(url).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }
}
