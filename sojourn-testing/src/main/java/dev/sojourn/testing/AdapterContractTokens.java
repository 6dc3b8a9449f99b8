package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.Session;
import dev.sojourn.TokenSessions;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract.Responder;
import dev.sojourn.testing.AdapterContract.Scenario;
import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The part of the {@link AdapterContract} about sessions with access tokens and refresh tokens. */
abstract class AdapterContractTokens extends AdapterContractServer {
    private static final Pattern TOKENS = Pattern.compile("\\{\"access_token\":\"([^\"]+)\",\"token_type\":\"Bearer\","
            + "\"expires_in\":300(?:,\"refresh_token\":\"([^\"]+)\")?\\}");

    /** Long enough for a refresh token to be replaced. */
    private static final Duration LATER = Duration.ofMinutes(1);

    private final TokenSessions tokens = TokenSessions.create(c -> {
        c.secret(SECRET).access(new TestTokens()).store(store).clock(clock);
        c.revocations(Revocations.in(MemoryStore.builder().clock(clock).build(), r -> r.clock(clock)));
    });

    /** The tokens in a response's body. */
    private record Issued(String access, @Nullable String refresh) {
        static Issued in(Response response) {
            assertEquals(200, response.status(), response::text);
            assertEquals("no-store", cacheControl(response));
            Matcher body = TOKENS.matcher(response.text());
            assertTrue(body.matches(), response::text);
            return new Issued(body.group(1), body.group(2));
        }

        String refreshToken() {
            return Objects.requireNonNull(refresh, "no refresh token in the body");
        }
    }

    @Override
    final SessionSource sessions() {
        return tokens;
    }

    @BeforeEach
    final void addHandlers() {
        at("/sign-in", r -> {
            Session session = r.session();
            session.login("alice");
            r.send(200, bytes(tokens.issue(session).toJson()));
        });
        at("/sign-in-with-cookie", r -> {
            Session session = r.session();
            session.login("alice");
            r.send(200, bytes(tokens.issueInCookie(session).toJson()));
        });
        at(
                "/refresh-from-cookie",
                r -> r.send(200, bytes(tokens.refreshFromCookie(r.session()).toJson())));
        at("/view", r -> r.send(200, bytes("hello " + r.view().subject())));
        at("/count", r -> {
            Integer count = r.session().update("count", Integer.class, n -> n == null ? 1 : n + 1);
            r.send(200, bytes("count " + count));
        });
        at("/sign-out", r -> {
            r.session().destroy();
            r.send(200, bytes("bye"));
        });
    }

    // ---- requests

    private static String bearer(Issued issued) {
        return "Authorization: Bearer " + issued.access();
    }

    private Response send(String path, String... headers) throws IOException {
        try (RawHttp http = connect()) {
            http.send("GET", path, headers);
            return http.readResponse("GET");
        }
    }

    private Response send(Scenario scenario, String... headers) throws IOException {
        at("/scenario", scenario);
        return send("/scenario", headers);
    }

    private Issued login() throws IOException {
        return Issued.in(send("/sign-in"));
    }

    /** Exchanges a refresh token that the client sends outside of cookies. */
    private Response refresh(String token) throws IOException {
        refreshHandler(token);
        return send("/refresh");
    }

    private void refreshHandler(String token) {
        at("/refresh", r -> {
            r.addHeader("Cache-Control", "no-store");
            r.send(200, bytes(tokens.refresh(token).toJson()));
        });
    }

    private static void assertRefused(Response response) {
        assertEquals(401, response.status(), response::text);
        assertTrue(response.complete());
        assertEquals(List.of("Bearer error=\"invalid_token\""), response.values("WWW-Authenticate"));
        assertEquals("no-store", cacheControl(response));
        assertEquals(List.of(), response.values("Set-Cookie"));
    }

    private static String refreshCookie(Response response) {
        List<String> cookies = response.values("Set-Cookie");
        assertEquals(1, cookies.size(), cookies::toString);
        return cookies.get(0);
    }

    private static String sentBack(String setCookie) {
        return "Cookie: " + setCookie.substring(0, setCookie.indexOf(';'));
    }

    // ---- from the login to the logout

    @Test
    final void a_login_issues_tokens_that_a_view_and_a_session_accept() throws IOException {
        Response response = send("/sign-in");
        Issued issued = Issued.in(response);
        issued.refreshToken();
        assertEquals(List.of(), response.values("Set-Cookie"));

        Response view = send("/view", bearer(issued));
        assertEquals("hello alice", view.text());
        assertEquals(Set.of("authorization"), vary(view));
        assertEquals("hello null", send("/view").text());
        assertEquals("count 1", send("/count", bearer(issued)).text());
        assertEquals("count 2", send("/count", bearer(issued)).text());
    }

    @Test
    final void a_refresh_goes_on_with_the_session_also_if_its_response_was_lost() throws IOException {
        Issued first = login();
        assertEquals("count 1", send("/count", bearer(first)).text());
        clock.advance(Duration.ofMinutes(6));
        assertRefused(send("/count", bearer(first)));

        Issued next = Issued.in(refresh(first.refreshToken()));
        assertNotEquals(first.refresh(), next.refresh());
        assertEquals(next.refresh(), Issued.in(refresh(first.refreshToken())).refresh(), "the response was lost");
        assertEquals("count 2", send("/count", bearer(next)).text());
    }

    @Test
    final void two_refreshes_at_once_get_the_same_successor() throws IOException {
        String token = login().refreshToken();
        refreshHandler(token);
        clock.advance(LATER);
        try (Racers racers = new Racers(2)) {
            Callable<Response> refresh = () -> send("/refresh");
            List<Response> responses = racers.race(List.of(refresh, refresh));

            String successor = Issued.in(responses.get(0)).refreshToken();
            assertEquals(successor, Issued.in(responses.get(1)).refreshToken());
            Issued.in(refresh(successor));
        }
    }

    @Test
    final void a_browser_keeps_its_refresh_token_in_a_host_cookie_until_the_logout() throws IOException {
        Response login = send("/sign-in-with-cookie");
        Issued issued = Issued.in(login);
        assertEquals(null, issued.refresh(), "the body has no refresh token");
        String cookie = refreshCookie(login);
        assertTrue(cookie.startsWith("__Host-refresh="), cookie);
        assertTrue(attributes(cookie).containsAll(Set.of("path=/", "secure", "httponly", "samesite=strict")), cookie);

        clock.advance(LATER);
        Response refresh = send("/refresh-from-cookie", sentBack(cookie), "Authorization: Bearer stale");
        Issued next = Issued.in(refresh);
        String nextCookie = refreshCookie(refresh);
        assertNotEquals(sentBack(cookie), sentBack(nextCookie));
        assertTrue(vary(refresh).contains("cookie"), () -> "Vary: " + vary(refresh));

        Response logout = send("/sign-out", bearer(next), sentBack(nextCookie));
        assertEquals("bye", logout.text());
        assertTrue(attributes(refreshCookie(logout)).stream().anyMatch(AdapterContractServer::isExpiry));
        assertRefused(send("/refresh-from-cookie", sentBack(nextCookie)));
        assertRefused(send("/refresh-from-cookie"));
    }

    @Test
    final void after_a_logout_no_token_of_the_session_counts() throws IOException {
        Issued issued = login();
        assertEquals("bye", send("/sign-out", bearer(issued)).text());

        assertRefused(send("/view", bearer(issued)));
        assertRefused(send("/count", bearer(issued)));
        assertRefused(refresh(issued.refreshToken()));
    }

    @Test
    final void a_revocation_endpoint_ends_a_session_by_either_token_and_ignores_unknown_ones() throws IOException {
        at("/revoke-unknown", r -> {
            tokens.revoke("unknown");
            tokens.revoke(null);
            r.send(200, bytes("done"));
        });
        assertEquals("done", send("/revoke-unknown").text());
        for (boolean byRefreshToken : new boolean[] {false, true}) {
            Issued issued = login();
            String token = byRefreshToken ? issued.refreshToken() : issued.access();
            Response response = send(r -> {
                tokens.revoke(token);
                r.send(200, bytes("done"));
            });
            assertEquals("done", response.text());
            assertRefused(send("/view", bearer(issued)));
            assertRefused(refresh(issued.refreshToken()));
        }
    }

    // ---- tokens that do not count, and sessions without tokens

    @Test
    final void a_refused_token_gives_401_except_to_a_login() throws IOException {
        String forged = "Authorization: Bearer forged";

        assertRefused(send("/view", forged));
        assertRefused(send("/count", forged));
        assertEquals(
                "hello alice",
                send("/view", bearer(Issued.in(send("/sign-in", forged)))).text());
    }

    @Test
    final void a_session_without_tokens_is_an_error_of_a_handler_that_succeeds() throws IOException {
        Response response = send(r -> {
            r.session().set("tries", 1);
            r.send(200, bytes("your order is placed"));
        });

        AdapterContractFailures.assertReplaced(500, response);
        assertEquals(List.of(), store.calls());
    }

    @Test
    final void a_handler_that_fails_before_it_issued_tokens_gives_its_own_response() throws IOException {
        Response response = send(r -> {
            r.session().set("tries", 1);
            r.addHeader("Problem", "none of the tokens");
            r.send(422, bytes("the name is missing"));
        });

        assertEquals(422, response.status());
        assertEquals("the name is missing", response.text());
        assertEquals(List.of("none of the tokens"), response.values("Problem"));

        LeakDetector lines = new LeakDetector(store);
        try (CapturedLogs logs = CapturedLogs.into(lines)) {
            assertEquals(500, send(AdapterContractTokens::fail).status());
            assertEquals(Set.of(), lines.findLeaks("no session without tokens"), logs::toString);
        }
        assertEquals(List.of(), store.calls());
    }

    private static void fail(Responder responder) {
        responder.session().set("tries", 1);
        throw new HandlerFailure();
    }

    @Test
    final void another_site_can_neither_use_nor_end_the_refresh_cookie() throws IOException {
        String cookie = sentBack(refreshCookie(send("/sign-in-with-cookie")));
        store.reset();

        try (RawHttp http = connect()) {
            http.send("POST", "/refresh-from-cookie", cookie, "Sec-Fetch-Site: cross-site");
            Response refused = http.readResponse("POST");
            assertEquals(403, refused.status());
            assertEquals(List.of(), refused.values("Set-Cookie"));
        }
        assertEquals(List.of(), store.calls());
        try (RawHttp http = connect()) {
            http.send("POST", "/refresh-from-cookie", cookie, "Sec-Fetch-Site: same-origin");
            Issued.in(http.readResponse("POST"));
        }
    }
}
