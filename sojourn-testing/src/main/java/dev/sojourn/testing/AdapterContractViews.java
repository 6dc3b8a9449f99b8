package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.SessionView;
import dev.sojourn.TokenRefusedException;
import dev.sojourn.TokenViews;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.spi.TokenVerifier;
import dev.sojourn.testing.AdapterContract.Scenario;
import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The part of the {@link AdapterContract} about views of access tokens. */
abstract class AdapterContractViews extends AdapterContractServer {
    /** The text of a token for which the issuer's key cannot be obtained. */
    private static final String UNDECIDED = "undecided";

    private final TestTokens tokens = new TestTokens();
    private final Revocations revocations =
            Revocations.in(MemoryStore.builder().clock(clock).build(), r -> r.clock(clock));

    @Override
    final SessionSource sessions() {
        return TokenViews.create(
                c -> c.trust(verifier()).revocations(revocations).clock(clock));
    }

    /** Not a format of the application, so that its check may block. */
    private TokenVerifier verifier() {
        return (token, now) -> {
            if (token.equals(UNDECIDED)) {
                throw new SessionUnavailableException(
                        Reason.STORE_UNAVAILABLE, "the issuer's key cannot be obtained", null);
            }
            return tokens.verify(token, now);
        };
    }

    private String token(String subject) {
        return tokens.issue(subject, clock.instant(), Map.of("role", "admin"));
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private Response request(Scenario scenario, String... headers) throws IOException {
        at("/view", scenario);
        try (RawHttp http = connect()) {
            http.send("GET", "/view", headers);
            return http.readResponse("GET");
        }
    }

    /** Responds with the subject. */
    private static void respond(AdapterContract.Responder responder) throws IOException {
        responder.send(200, bytes("hello " + responder.view().subject()));
    }

    private static void assertChallenged(String challenge, Response response) {
        assertEquals(401, response.status());
        assertTrue(response.complete());
        assertEquals(List.of(challenge), response.values("WWW-Authenticate"));
        assertEquals("no-store", cacheControl(response));
        assertEquals(Set.of("authorization"), vary(response));
        assertEquals(List.of(), response.values("Set-Cookie"));
        assertEquals(List.of(), response.values("ETag"));
        assertFalse(response.text().contains("hello"), "the handler's body");
    }

    private static void assertRefused(Response response) {
        assertChallenged("Bearer error=\"invalid_token\"", response);
    }

    // ---- tokens that count

    @Test
    final void a_view_has_the_subject_and_the_claims_of_the_token() throws IOException {
        Response response = request(
                r -> {
                    SessionView view = r.view();
                    assertEquals("alice", view.requireSubject());
                    assertEquals("admin", view.get("role", String.class));
                    respond(r);
                },
                bearer(token("alice")));

        assertEquals(200, response.status());
        assertEquals("hello alice", response.text());
    }

    @Test
    final void a_view_varies_on_authorization_and_changes_no_other_header() throws IOException {
        Scenario scenario = r -> {
            r.addHeader("Cache-Control", "private, max-age=60");
            respond(r);
        };
        for (Response response : List.of(request(scenario, bearer(token("alice"))), request(scenario))) {
            assertEquals(Set.of("authorization"), vary(response));
            assertEquals("private, max-age=60", cacheControl(response));
            assertEquals(List.of(), response.values("Set-Cookie"));
        }
    }

    @Test
    final void a_view_that_is_not_used_changes_no_header_whatever_the_token() throws IOException {
        Response response = request(r -> r.send(200, bytes("ok")), bearer("forged"));

        assertEquals("ok", response.text());
        assertEquals(Set.of(), vary(response));
        assertEquals(List.of(), response.values("WWW-Authenticate"));
    }

    @Test
    final void the_views_of_two_requests_of_a_connection_are_separate() throws IOException {
        at("/view", AdapterContractViews::respond);
        try (RawHttp http = connect()) {
            http.send("GET", "/view", bearer(token("alice")));
            assertEquals("hello alice", http.readResponse("GET").text());
            http.send("GET", "/view");
            assertEquals("hello null", http.readResponse("GET").text());
        }
    }

    @Test
    final void a_handler_gets_one_view_that_is_unusable_after_its_request() throws IOException {
        Queue<SessionView> instances = new ConcurrentLinkedQueue<>();
        request(
                r -> {
                    instances.add(r.view());
                    assertSame(r.view(), r.view());
                    respond(r);
                },
                bearer(token("alice")));

        SessionView kept = instances.remove();
        // The response may arrive shortly before the handler returns.
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (isUsable(kept)) {
            assertTrue(System.nanoTime() < giveUp, "the view still works after its request");
            Thread.onSpinWait();
        }
    }

    private static boolean isUsable(SessionView view) {
        try {
            return view.subject() != null;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    final void a_view_can_be_used_while_a_stream_is_open() throws IOException {
        Response response = request(
                r -> {
                    SessionView view = r.view();
                    try (OutputStream out = r.stream(200)) {
                        out.write(bytes("hello "));
                        out.flush();
                        out.write(bytes(view.requireSubject()));
                    }
                },
                bearer(token("alice")));

        assertEquals("hello alice", response.text());
    }

    @Test
    final void asking_for_a_session_where_views_are_mounted_names_what_is_mounted() throws IOException {
        Response response = request(r -> {
            IllegalStateException problem = assertThrows(IllegalStateException.class, r::session);
            assertTrue(String.valueOf(problem.getMessage()).contains("TokenViews"), problem::getMessage);
            assertThrows(IllegalStateException.class, r::sealed);
            respond(r);
        });

        assertEquals("hello null", response.text());
    }

    // ---- tokens that do not count

    @Test
    final void a_refused_token_replaces_the_response_by_a_401_with_a_challenge() throws IOException {
        String expired = token("alice");
        clock.advance(Duration.ofMinutes(6));
        for (String token : List.of("forged", expired, token("a\nb"))) {
            assertRefused(request(
                    r -> {
                        r.addHeader("ETag", "\"v1\"");
                        r.addHeader("Cache-Control", "public, max-age=600");
                        respond(r);
                    },
                    bearer(token)));
        }
    }

    @Test
    final void a_token_of_a_user_whose_sessions_were_all_ended_is_refused() throws IOException {
        String token = token("bob");
        assertEquals(
                "hello bob",
                request(AdapterContractViews::respond, bearer(token)).text());
        revocations.endAll("bob");

        assertRefused(request(AdapterContractViews::respond, bearer(token)));
        assertEquals(
                "hello alice",
                request(AdapterContractViews::respond, bearer(token("alice"))).text());
    }

    @Test
    final void a_token_that_is_refused_after_the_head_breaks_off_the_response() throws IOException {
        Response response = request(
                r -> {
                    OutputStream out = r.stream(200);
                    out.write(bytes("half a resp"));
                    out.flush();
                    out.write(bytes(r.view().requireSubject()));
                },
                bearer("forged"));

        assertFalse(response.complete(), () -> "a partial response must not look complete: " + response);
    }

    @Test
    final void a_refused_token_gives_head_no_body() throws IOException {
        at("/view", AdapterContractViews::respond);
        try (RawHttp http = connect()) {
            http.send("HEAD", "/view", bearer("forged"));
            Response refused = http.readResponse("HEAD");
            assertEquals(401, refused.status());
            assertEquals(List.of("Bearer error=\"invalid_token\""), refused.values("WWW-Authenticate"));
            if (refused.values("Connection").stream().noneMatch("close"::equalsIgnoreCase)) {
                http.send("GET", "/view");
                assertEquals("hello null", http.readResponse("GET").text());
            }
        }
    }

    @Test
    final void of_two_tokens_or_two_schemes_in_one_request_none_counts() throws IOException {
        String alice = bearer(token("alice"));
        String basic = "Authorization: Basic Ym9iOnNlY3JldA==";
        for (String[] headers : List.of(
                new String[] {alice, bearer(token("bob"))},
                new String[] {alice, alice},
                new String[] {alice, basic},
                new String[] {basic, alice},
                new String[] {alice + ", Bearer " + token("bob")})) {
            assertRefused(request(AdapterContractViews::respond, headers));
        }
    }

    @Test
    final void a_token_elsewhere_than_in_the_header_is_not_read() throws IOException {
        at("/view", AdapterContractViews::respond);
        String token = token("alice");
        String form = "access_token=" + token;
        try (RawHttp http = connect()) {
            http.send("GET", "/view?" + form, "Cookie: access_token=" + token);
            assertEquals("hello null", http.readResponse("GET").text());
            http.send("GET", "/view", "Authorization: Basic " + token);
            assertEquals("hello null", http.readResponse("GET").text());
        }
    }

    @Test
    final void a_handler_that_requires_a_user_challenges_a_request_without_a_token() throws IOException {
        assertChallenged(
                "Bearer", request(r -> r.send(200, bytes("hello " + r.view().requireSubject()))));
    }

    @Test
    final void a_handler_can_respond_to_a_refused_token_itself() throws IOException {
        Response response = request(
                r -> {
                    assertThrows(TokenRefusedException.class, () -> r.view().subject());
                    r.send(403, bytes("no"));
                },
                bearer("forged"));

        assertEquals(403, response.status());
        assertEquals("no", response.text());
        assertEquals(Set.of("authorization"), vary(response));
    }

    @Test
    final void a_token_that_cannot_be_decided_gives_503() throws IOException {
        Response response = request(AdapterContractViews::respond, bearer(UNDECIDED));

        assertEquals(503, response.status());
        assertEquals(List.of("1"), response.values("Retry-After"));
        assertEquals(List.of(), response.values("WWW-Authenticate"));
        assertEquals("no-store", cacheControl(response));
    }

    @Test
    final void no_access_token_is_in_a_log_or_a_response() throws IOException {
        LeakDetector detector = new LeakDetector(store);
        String accepted = token("alice");
        String refused = token("bob") + "x";
        try (CapturedLogs logs = CapturedLogs.into(detector)) {
            for (String token : List.of(accepted, refused)) {
                Response response = request(
                        r -> {
                            assertNull(r.view().get("role", Integer.class));
                            respond(r);
                        },
                        bearer(token));
                detector.add(response.headers() + response.text() + logs);
            }
        }

        assertEquals(Set.of(), detector.findLeaks(accepted, refused));
    }
}
