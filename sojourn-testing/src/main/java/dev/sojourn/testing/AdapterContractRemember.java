package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract.Scenario;
import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The part of the {@link AdapterContract} about remembered browsers, whose responses set two cookies of ours, and about what
 * the checks for applications find.
 */
abstract class AdapterContractRemember extends AdapterContractServer {
    private static final String REMEMBER = "__Host-remember";
    /** After this time a use replaces the token. */
    private static final Duration TOKEN_IS_REPLACED = Duration.ofMinutes(1);

    private static final Duration OVERNIGHT = Duration.ofHours(10);

    @Override
    final SessionSource sessions() {
        return Sessions.create(c -> c.secret(SECRET).store(store).clock(clock).rememberMe());
    }

    @BeforeEach
    final void addPages() {
        at("/login", r -> {
            r.session().login("alice");
            r.session().remember();
            r.send(200, bytes("welcome"));
        });
        at(
                "/who",
                r -> r.send(200, bytes(r.session().subject() + " " + r.session().isRemembered())));
        at("/logout", r -> {
            r.session().destroy();
            r.send(200, bytes("bye"));
        });
    }

    // ---- remembered browsers

    @Test
    final void the_response_to_a_login_sets_the_cookies_of_the_session_and_of_remember_me() throws IOException {
        Response response = get("/login", "unrelated=1");

        assertEquals(Set.of(COOKIE, REMEMBER), setBy(response).keySet());
        assertEquals(2, response.values("Set-Cookie").size());
        assertTrue(cacheControl(response).contains("no-store"));
        String line = response.values("Set-Cookie").stream()
                .filter(each -> each.startsWith(REMEMBER + "="))
                .findFirst()
                .orElseThrow();
        Set<String> attributes = attributes(line);
        attributes.removeIf(each -> each.startsWith("expires="));
        assertEquals(
                Set.of("max-age=" + Duration.ofDays(30).toSeconds(), "path=/", "secure", "httponly", "samesite=lax"),
                attributes);
    }

    @Test
    final void a_browser_without_a_live_session_is_signed_in_by_its_first_use_of_one() throws IOException {
        Map<String, String> cookies = signIn();
        clock.advance(TOKEN_IS_REPLACED);

        Response restarted = get("/who", pair(cookies, REMEMBER));
        assertSignedInAnew(restarted, cookies);
        cookies.putAll(setBy(restarted));

        Response next = get("/who", both(cookies));
        assertEquals("alice true", next.text());
        assertEquals(List.of(), next.values("Set-Cookie"));

        clock.advance(OVERNIGHT);
        assertSignedInAnew(get("/who", both(cookies)), cookies);
    }

    private static void assertSignedInAnew(Response response, Map<String, String> before) {
        assertEquals("alice true", response.text());
        assertEquals(2, response.values("Set-Cookie").size());
        Map<String, String> after = setBy(response);
        assertEquals(Set.of(COOKIE, REMEMBER), after.keySet());
        assertNotEquals(before.get(COOKIE), after.get(COOKIE));
        assertNotEquals(before.get(REMEMBER), after.get(REMEMBER));
        assertFalse(after.containsValue(""), () -> "a cookie was cleared by " + response);
        assertTrue(cacheControl(response).contains("no-store"));
    }

    @Test
    final void both_cookies_are_in_a_redirect_an_empty_response_and_a_stream_next_to_those_of_the_application()
            throws IOException {
        List<Scenario> scenarios = List.of(r -> r.redirect("/who"), r -> r.sendEmpty(204), r -> {
            try (OutputStream out = r.stream(200)) {
                out.write(bytes("hello"));
            }
        });
        for (Scenario scenario : scenarios) {
            Response response = get(
                    r -> {
                        assertEquals("alice", r.session().subject());
                        r.addHeader("Set-Cookie", "theme=dark");
                        scenario.handle(r);
                    },
                    pair(signIn(), REMEMBER));

            assertEquals(3, response.values("Set-Cookie").size(), response::toString);
            Map<String, String> set = setBy(response);
            assertEquals(Set.of(COOKIE, REMEMBER, "theme"), set.keySet());
            assertEquals("alice true", get("/who", both(set)).text());
        }
    }

    @Test
    final void a_request_that_does_not_use_its_session_sets_no_cookie_and_calls_no_store() throws IOException {
        Map<String, String> cookies = signIn();
        store.reset();

        for (String sent : List.of(both(cookies), pair(cookies, REMEMBER))) {
            Response response = get(r -> r.send(200, bytes("hello")), sent);
            assertEquals(List.of(), response.values("Set-Cookie"));
        }
        assertEquals(List.of(), store.calls());
    }

    @Test
    final void a_logout_clears_both_cookies_and_a_copy_of_them_signs_nobody_in() throws IOException {
        Map<String, String> cookies = signIn();

        Response response = get("/logout", both(cookies));

        assertEquals(2, response.values("Set-Cookie").size());
        assertEquals(Map.of(COOKIE, "", REMEMBER, ""), setBy(response));
        for (String line : response.values("Set-Cookie")) {
            assertTrue(attributes(line).stream().anyMatch(AdapterContractServer::isExpiry), line);
        }
        assertEquals("null false", get("/who", both(cookies)).text());
        assertEquals("null false", get("/who", pair(cookies, REMEMBER)).text());
    }

    @Test
    final void while_the_store_is_down_a_remembered_browser_gets_503_and_keeps_its_cookie() throws IOException {
        Map<String, String> cookies = signIn();
        store.failAll();
        Response response = get("/who", pair(cookies, REMEMBER));
        store.reset();

        assertEquals(503, response.status());
        assertEquals(List.of(), response.values("Set-Cookie"));
        assertEquals("alice true", get("/who", pair(cookies, REMEMBER)).text());
    }

    @Test
    final void a_token_that_nobody_issued_signs_nobody_in_and_calls_no_store() throws IOException {
        String issued = Objects.requireNonNull(signIn().get(REMEMBER), REMEMBER);
        store.reset();
        for (String garbage :
                List.of("", "x", issued + "A", "A".repeat(issued.length()), "%00%ff", "z".repeat(4_000))) {
            Response response = get("/who", REMEMBER + "=" + garbage);
            assertEquals(200, response.status(), garbage);
            assertEquals("null false", response.text(), garbage);
        }
        assertEquals(List.of(), store.calls());
    }

    private Map<String, String> signIn() throws IOException {
        return setBy(get("/login", "unrelated=1"));
    }

    private static String pair(Map<String, String> cookies, String name) {
        return name + "=" + cookies.get(name);
    }

    private static String both(Map<String, String> cookies) {
        return pair(cookies, COOKIE) + "; " + pair(cookies, REMEMBER);
    }

    /** Returns the values of the cookies that a response sets, by name; empty for one that it clears. */
    private static Map<String, String> setBy(Response response) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : response.values("Set-Cookie")) {
            String[] pair = line.split(";", 2)[0].split("=", 2);
            values.put(pair[0], pair[1]);
        }
        return values;
    }

    // ---- the checks for applications

    @Test
    final void the_checks_for_applications_find_nothing() throws Exception {
        at("/start", r -> {
            r.session().set("name", "John");
            r.send(200, bytes("hello"));
        });
        at("/account", r -> r.send(r.session().subject() == null ? 401 : 200, bytes("account")));

        AuditReport fixation = FixationCheck.of(COOKIE)
                .page(request("/start"))
                .signIn(request("/login"))
                .account(request("/account"))
                .run();
        AuditReport cookie = CookieAudit.of(COOKIE)
                .page(request("/start"))
                .signIn(request("/login"))
                .account(request("/account"))
                .signOut(request("/logout"))
                .run();

        fixation.assertPassed();
        cookie.assertPassed();
        for (AuditReport report : List.of(fixation, cookie)) {
            Set<AuditReport.Result> results = new TreeSet<>();
            report.findings().forEach(finding -> results.add(finding.result()));
            assertEquals(1, results.size(), () -> "each rule was checked:\n" + report);
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }
}
