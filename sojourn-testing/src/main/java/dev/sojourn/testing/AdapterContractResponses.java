package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.testing.RawHttp.Response;
import dev.sojourn.testing.RawHttp.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The part of the {@link AdapterContract} about kinds of responses: each has the session's cookie. */
abstract class AdapterContractResponses extends AdapterContractSupport {
    @Test
    final void a_small_body_is_complete_and_follows_the_cookie() throws IOException {
        Response response = get(r -> {
            session(r).set("name", "John");
            r.addHeader("Content-Type", "text/plain");
            r.send(200, bytes("hello"));
        });

        assertEquals(200, response.status());
        assertEquals("hello", response.text());
        assertEquals(List.of("5"), response.values("Content-Length"));
        assertEquals("John", read(cookie(response), "name"));
    }

    @Test
    final void the_cookie_is_secure_http_only_lax_and_host_only() throws IOException {
        Response response = get(r -> {
            session(r).set("name", "John");
            r.send(200, bytes("hello"));
        });

        assertEquals(Set.of("path=/", "secure", "httponly", "samesite=lax"), attributes(setCookie(response)));
    }

    @Test
    final void the_cookie_precedes_the_first_byte_of_an_open_stream() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        at("/", r -> {
            session(r).set("name", "John");
            try (OutputStream out = r.stream(200)) {
                out.write(bytes("first"));
                out.flush();
                await(seen);
                out.write(bytes("second"));
            }
        });
        try (RawHttp http = connect()) {
            http.send("GET", "/");
            ResponseHead head = http.readHead();
            ByteArrayOutputStream first = new ByteArrayOutputStream();
            http.readChunk(first);
            assertTrue(first.toString(StandardCharsets.UTF_8).startsWith("f"), "the flushed bytes have arrived");
            assertNotNull(cookie(head.with(new byte[0], true)));
            seen.countDown();

            Response rest = http.readBody("GET", head);

            assertTrue(rest.complete());
            assertTrue(rest.text().endsWith("second"), rest::text);
        }
    }

    @Test
    final void a_large_stream_is_complete_and_not_buffered() throws IOException {
        byte[] block = new byte[64 << 10];
        Arrays.fill(block, (byte) 'x');
        CountDownLatch seen = new CountDownLatch(1);
        at("/", r -> {
            session(r).set("name", "John");
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
            ResponseHead head = http.readHead();
            http.readChunk(new ByteArrayOutputStream());
            seen.countDown();
            Response rest = http.readBody("GET", head);
            assertTrue(rest.complete());
            assertTrue(rest.body().length > 5_000_000, "megabytes after the first chunk");
            assertNotNull(cookie(rest));
        }
    }

    @Test
    final void a_large_body_of_fixed_length_is_complete() throws IOException {
        byte[] body = new byte[3 << 20];
        Arrays.fill(body, (byte) 'x');

        Response response = get(r -> {
            session(r).set("name", "John");
            r.send(200, body);
        });

        assertEquals(List.of(Integer.toString(body.length)), response.values("Content-Length"));
        assertArrayEquals(body, response.body());
        assertNotNull(cookie(response));
    }

    @Test
    final void a_response_without_a_body_has_the_cookie() throws IOException {
        Response response = get(r -> {
            session(r).set("name", "John");
            r.sendEmpty(204);
        });

        assertEquals(204, response.status());
        assertEquals("John", read(cookie(response), "name"));
    }

    @Test
    final void a_redirect_has_the_cookie() throws IOException {
        Response response = get(r -> {
            session(r).login("alice");
            r.redirect("/home");
        });

        assertEquals(302, response.status());
        assertTrue(response.values("Location").get(0).endsWith("/home"));
        assertEquals("no-store", cacheControl(response));
        assertEquals("alice", subject(cookie(response)));
    }

    @Test
    final void an_error_response_of_the_handler_keeps_its_status_and_has_the_cookie() throws IOException {
        for (int status : new int[] {400, 404, 500, 503}) {
            Response response = get(r -> {
                session(r).set("status", status);
                r.addHeader("Cache-Control", "public, max-age=600");
                r.send(status, bytes("the body of the handler"));
            });

            assertEquals(status, response.status());
            assertEquals("the body of the handler", response.text());
            assertEquals("no-store", cacheControl(response));
            assertEquals(Integer.toString(status), read(cookie(response), "status"));
        }
    }

    @Test
    final void a_sign_in_that_is_too_old_is_a_401_with_its_challenge_and_a_missing_confirmation_a_403()
            throws IOException {
        String cookie = signIn(startSession());

        Response old = get(
                r -> {
                    session(r).requireFresh(Duration.ZERO);
                    r.send(200, bytes("done"));
                },
                cookie);
        assertEquals(401, old.status());
        assertTrue(
                old.values("WWW-Authenticate").get(0).startsWith("Bearer error=\"insufficient_user_authentication\","));
        Response missing = get(
                r -> {
                    session(r).requireElevated("payments");
                    r.send(200, bytes("done"));
                },
                cookie);
        assertEquals(403, missing.status());

        Response elevated = get(
                r -> {
                    session(r).elevate("payments", Duration.ofMinutes(5));
                    session(r).requireElevated("payments");
                    session(r).requireFresh(Duration.ofDays(1));
                    r.send(200, bytes("done"));
                },
                cookie);
        assertEquals("done", elevated.text());
    }

    @Test
    final void a_response_to_head_has_the_headers_of_get_and_no_body() throws IOException {
        at("/", r -> {
            session(r).set("name", "John");
            r.send(200, bytes("hello"));
        });
        try (RawHttp http = connect()) {
            http.send("HEAD", "/");
            Response response = http.readResponse("HEAD");
            assertEquals(200, response.status());
            String cookie = cookie(response);

            http.send("GET", "/", "Cookie: " + cookie);
            assertEquals("hello", http.readResponse("GET").text(), "the next response on this connection");
            assertEquals("John", read(cookie, "name"));
        }
    }

    @Test
    final void a_304_has_a_changed_cookie_and_no_store() throws IOException {
        Response response = get(r -> {
            session(r).login("alice");
            r.addHeader("ETag", "\"v1\"");
            r.addHeader("Cache-Control", "public, max-age=600");
            r.sendEmpty(304);
        });

        assertEquals(304, response.status());
        assertEquals("no-store", cacheControl(response));
        assertEquals("alice", subject(cookie(response)));
    }

    // ---- a response waits for the save
}
