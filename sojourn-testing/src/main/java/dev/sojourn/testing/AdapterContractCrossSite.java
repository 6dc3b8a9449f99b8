package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The part of the {@link AdapterContract} about requests that pages of other sites make their visitors send. */
abstract class AdapterContractCrossSite extends AdapterContractRequests {
    private static final String BROWSER = "User-Agent: Mozilla/5.0";

    @Test
    final void a_request_of_another_site_is_refused_before_its_handler_without_a_store_call() throws IOException {
        String cookie = signIn(startSession());
        store.reset();

        assertRefused(cookie, "POST", "Sec-Fetch-Site: cross-site", "Origin: https://evil.example");
        assertRefused(cookie, "POST", "Origin: https://evil.example");
        assertRefused(cookie, "DELETE", "Sec-Fetch-Site: same-site", BROWSER);
        assertRefused(cookie, "POST", BROWSER);
        assertRefused(
                cookie,
                "GET",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Origin: https://evil.example");

        assertEquals("alice", subject(cookie), "the session is as it was");
    }

    private void assertRefused(String cookie, String method, String... headers) throws IOException {
        AtomicBoolean handled = new AtomicBoolean();
        at("/act", r -> {
            handled.set(true);
            session(r).destroy();
            r.send(200, bytes("done"));
        });
        Response response = request(method, cookie, headers);

        assertEquals(403, response.status(), () -> method + " " + List.of(headers));
        assertEquals("This request was refused. Please reload the page and try again.\n", response.text());
        assertEquals(List.of("no-store"), response.values("Cache-Control"));
        assertEquals(List.of(), response.values("Set-Cookie"));
        assertTrue(response.complete());
        assertFalse(handled.get(), "the handler ran");
        assertEquals(List.of(), store.calls());
    }

    private Response request(String method, String cookie, String... headers) throws IOException {
        String[] all = new String[headers.length + 1];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "Cookie: " + cookie;
        try (RawHttp http = connect()) {
            http.send(method, "/act", all);
            return http.readResponse(method);
        }
    }

    @Test
    final void a_request_of_the_applications_own_page_or_of_a_program_is_served() throws IOException {
        String cookie = signIn(startSession());
        at("/act", r -> r.send(200, bytes(String.valueOf(session(r).subject()))));

        for (String[] headers : List.of(
                new String[] {"Sec-Fetch-Site: same-origin", BROWSER},
                new String[] {"Sec-Fetch-Site: none", BROWSER},
                new String[] {"Origin: http://127.0.0.1:" + port(), BROWSER},
                new String[] {"Referer: http://127.0.0.1:" + port() + "/form", BROWSER},
                new String[] {"User-Agent: curl/8.5.0"},
                new String[0])) {
            Response response = request("POST", cookie, headers);
            assertEquals("alice", response.text(), () -> List.of(headers) + " " + response);
        }
        Response anonymous = request("POST", "unrelated=1", "Sec-Fetch-Site: cross-site");
        assertEquals("null", anonymous.text(), "without a cookie of ours there is nothing to protect");
    }

    @Test
    final void a_csrf_token_shows_what_the_headers_of_an_old_browser_do_not() throws IOException {
        at("/form", r -> r.send(200, bytes(session(r).csrfToken())));
        String cookie = signIn(startSession());
        String token = get("/form", cookie).text();
        at("/act", r -> {
            session(r).requireCsrfToken(token);
            r.send(200, bytes(String.valueOf(session(r).subject())));
        });

        assertEquals(
                "alice",
                request("POST", cookie, BROWSER, "X-CSRF-Token: " + token).text());
        assertEquals(
                403, request("POST", cookie, BROWSER, "X-CSRF-Token: A" + token).status());
        String other = signIn(startSession());
        assertEquals(
                403, request("POST", other, BROWSER, "X-CSRF-Token: " + token).status());
        assertEquals(403, request("POST", other).status(), "the handler refuses the token of another session");
    }
}
