package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.TokenRefusedException;
import dev.sojourn.testing.AdapterContract.Scenario;
import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The part of the {@link AdapterContract} about exceptions of a handler and about changes that cannot be stored. */
abstract class AdapterContractFailures extends AdapterContractResponses {
    // ---- exceptions of the handler

    @Test
    final void an_exception_before_the_head_gives_500_and_changes_are_saved() throws IOException {
        Response response = get(r -> {
            session(r).set("tries", 1);
            throw new HandlerFailure();
        });

        assertEquals(500, response.status());
        assertTrue(response.complete());
        assertEquals("no-store", cacheControl(response));
        assertEquals("1", read(cookie(response), "tries"));
    }

    @Test
    final void an_exception_reveals_nothing_about_the_server() throws IOException {
        Response response = get(r -> {
            throw new HandlerFailure();
        });

        assertEquals(500, response.status());
        assertFalse(response.text().contains("a test wanted"), "its message");
        assertFalse(response.text().contains("HandlerFailure"), "its class");
    }

    @Test
    final void a_refused_token_gives_401_also_if_the_handler_used_no_session() throws IOException {
        for (String path : List.of("/refresh", AdapterContract.ROUTE)) {
            at(path, r -> {
                r.addHeader("ETag", "\"v1\"");
                throw new TokenRefusedException();
            });

            Response response = get(path, "unrelated=1");

            assertEquals(401, response.status(), path);
            assertTrue(response.complete());
            assertEquals(List.of("Bearer error=\"invalid_token\""), response.values("WWW-Authenticate"));
            assertEquals(List.of(), response.values("Set-Cookie"));
            assertEquals(List.of(), response.values("ETag"));
            assertEquals("no-store", cacheControl(response));
        }
    }

    @Test
    final void an_unavailable_store_gives_503_also_if_the_handler_used_no_session() throws IOException {
        for (String path : List.of("/refresh", AdapterContract.ROUTE)) {
            at(path, r -> {
                throw new SessionUnavailableException(Reason.STORE_UNAVAILABLE, "a test wanted this", null);
            });

            Response response = get(path, "unrelated=1");

            assertEquals(503, response.status(), path);
            assertTrue(response.complete());
            assertEquals(1, response.values("Retry-After").size(), "Retry-After");
            assertEquals(List.of(), response.values("Set-Cookie"));
            assertEquals("no-store", cacheControl(response));
            assertFalse(response.text().contains("a test wanted"), "its message");
        }
    }

    @Test
    final void an_exception_after_the_head_breaks_off_the_response() throws IOException {
        String cookie = startSession();
        Response response = get(
                r -> {
                    session(r).set("tries", 1);
                    OutputStream out = r.stream(200);
                    out.write(bytes("half a resp"));
                    out.flush();
                    throw new HandlerFailure();
                },
                cookie);

        assertFalse(response.complete(), () -> "a partial response must not look complete: " + response);
        assertEquals("1", read(cookieAfter(cookie, response), "tries"));
    }

    // ---- changes that cannot be stored

    @Test
    final void a_failed_save_replaces_a_response_of_fixed_length() throws IOException {
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
    final void a_failed_save_replaces_a_304() throws IOException {
        assertFailedSaveReplaces(r -> r.sendEmpty(304));
    }

    @Test
    final void a_failed_save_replaces_a_response_without_a_body() throws IOException {
        assertFailedSaveReplaces(r -> r.sendEmpty(204));
    }

    @Test
    final void a_failed_save_replaces_the_response_to_an_exception() throws IOException {
        assertFailedSaveReplaces(r -> {
            throw new HandlerFailure();
        });
    }

    private void assertFailedSaveReplaces(Scenario respond) throws IOException {
        Scenario scenario = r -> {
            session(r).set("ordered", true);
            failSave(session(r));
            r.addHeader("ETag", "\"v1\"");
            r.addHeader("Content-Type", "text/html");
            r.addHeader("Cache-Control", "public, max-age=600");
            respond.handle(r);
        };
        String cookie = startSession();

        assertReplaced(failedSaveStatus(), get(scenario, cookie));
        assertEquals("null", read(cookie, "ordered"));

        assertReplaced(failedSaveStatus(), get(scenario));
    }

    static void assertReplaced(int status, Response response) {
        assertEquals(status, response.status());
        assertTrue(response.complete());
        assertEquals(status == 503 ? 1 : 0, response.values("Retry-After").size(), "Retry-After");
        assertEquals(List.of(), response.values("Set-Cookie"));
        assertEquals(List.of(), response.values("Location"));
        assertEquals(List.of(), response.values("ETag"));
        assertEquals("no-store", cacheControl(response));
        assertEquals(1, response.values("Content-Type").size(), "Content-Type");
        assertFalse(response.values("Content-Type").get(0).contains("html"), "the handler's Content-Type");
        assertFalse(response.text().contains("order"), "the handler's body");
        assertFalse(response.text().isEmpty(), "the body explains the failure");
    }

    @Test
    final void a_connection_is_usable_after_a_replaced_response_that_does_not_close_it() throws IOException {
        AtomicBoolean fails = new AtomicBoolean(true);
        at("/", r -> {
            session(r).set("ordered", true);
            if (fails.getAndSet(false)) {
                failSave(session(r));
            }
            r.send(200, bytes("your order is placed"));
        });
        try (RawHttp http = connect()) {
            http.send("GET", "/");
            Response replaced = http.readResponse("GET");
            assertEquals(failedSaveStatus(), replaced.status());
            if (!closesConnection(replaced)) {
                http.send("GET", "/");
                assertEquals("your order is placed", http.readResponse("GET").text());
            }
        }
        assertEquals("your order is placed", get("/", "unrelated=1").text());
    }

    @Test
    final void a_failed_save_gives_head_no_body() throws IOException {
        AtomicBoolean fails = new AtomicBoolean(true);
        at("/", r -> {
            session(r).set("ordered", true);
            if (fails.getAndSet(false)) {
                failSave(session(r));
            }
            r.send(200, bytes("your order is placed"));
        });
        try (RawHttp http = connect()) {
            http.send("HEAD", "/");
            Response replaced = http.readResponse("HEAD");
            assertEquals(failedSaveStatus(), replaced.status());
            if (!closesConnection(replaced)) {
                http.send("GET", "/");
                assertEquals(200, http.readResponse("GET").status(), "the next response on this connection");
            }
        }
    }

    /** Some servers close a connection after a 500 or 503 and announce it. */
    private static boolean closesConnection(Response response) {
        return response.values("Connection").stream().anyMatch("close"::equalsIgnoreCase);
    }
}
