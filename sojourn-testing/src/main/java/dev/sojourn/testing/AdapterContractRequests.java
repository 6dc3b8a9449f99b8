package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.EditableSession;
import dev.sojourn.SessionStatus;
import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The part of the {@link AdapterContract} about requests: their headers and session objects. */
abstract class AdapterContractRequests extends AdapterContractHeaders {
    // ---- what a request costs

    @Test
    final void a_request_that_does_not_use_its_session_costs_nothing_and_changes_no_header() throws IOException {
        String cookie = startSession();
        store.reset();

        Response response = get(
                r -> {
                    assertNotNull(session(r));
                    r.addHeader("Cache-Control", "public, max-age=600");
                    r.send(200, bytes("hello"));
                },
                cookie);

        assertEquals(Set.of(), vary(response));
        assertEquals(List.of(), response.values("Set-Cookie"));
        assertEquals(List.of("public, max-age=600"), response.values("Cache-Control"));
        assertEquals(List.of(), store.calls());
    }

    // ---- paths for signed-in users

    @Test
    final void a_request_without_a_user_does_not_reach_the_handler_of_a_guarded_path() throws IOException {
        AtomicInteger handled = new AtomicInteger();
        String path = MEMBERS + "/page";
        at(path, r -> {
            handled.incrementAndGet();
            r.send(200, bytes(String.valueOf(session(r).subject())));
        });
        String anonymous = startSession();
        for (String cookie : List.of("unrelated=1", anonymous, COOKIE + "=garbage")) {
            Response refused = get(path, cookie);

            assertEquals(401, refused.status(), cookie);
            assertEquals("Please sign in.\n", refused.text());
            assertEquals(List.of("Bearer"), refused.values("WWW-Authenticate"));
        }
        assertEquals(0, handled.get());

        Response login = get(
                r -> {
                    session(r).login("alice");
                    r.send(200, bytes("hello"));
                },
                anonymous);
        assertEquals("alice", get(path, cookie(login)).text());
        assertEquals(1, handled.get());
    }

    // ---- endpoints

    @Test
    final void the_status_of_a_session_is_sent_and_leaves_the_session_alone() throws IOException {
        String cookie = startSession();
        Response response = get(r -> r.send(SessionStatus.read(session(r))), cookie);

        assertEquals(200, response.status());
        assertTrue(
                response.text().matches("\\{\"endsIn\":1[78]\\d\\d,\"absolute\":4\\d{4},\"signedIn\":false}\n"),
                response.text());
        assertEquals(List.of("application/json"), response.values("Content-Type"));
        assertTrue(cacheControl(response).contains("no-store"));
        assertEquals(List.of(), response.values("Set-Cookie"));
    }

    @Test
    final void a_client_without_a_session_extends_none_and_gets_none() throws IOException {
        Response response = get(r -> r.send(SessionStatus.extend(session(r))));

        assertEquals(401, response.status());
        assertEquals("The session has ended. Please sign in.\n", response.text());
        assertEquals(List.of("Bearer"), response.values("WWW-Authenticate"));
        assertEquals(List.of(), response.values("Set-Cookie"));
    }

    @Test
    final void the_script_is_sent_once() throws IOException {
        Response first = get(r -> r.send(SessionStatus.script(null)));
        String tag = first.values("ETag").get(0);
        Response second = get(r -> r.send(SessionStatus.script(tag)));

        assertEquals(200, first.status());
        assertTrue(first.text().contains("sojournSession"));
        assertEquals(304, second.status());
        assertEquals("", second.text());
        assertEquals(List.of(tag), second.values("ETag"));
    }

    // ---- headers and session objects

    @Test
    final void cookies_in_two_header_lines_are_read_as_one_list() throws IOException {
        String cookie = startSession();
        at("/", r -> r.send(200, bytes(String.valueOf(session(r).get("name", String.class)))));
        try (RawHttp http = connect()) {
            http.send("GET", "/", "Cookie: theme=dark", "Cookie: " + cookie + "; lang=de");
            assertEquals("John", http.readResponse("GET").text());
            http.send("GET", "/", "Cookie: lang=de; " + cookie, "Cookie: theme=dark");
            assertEquals("John", http.readResponse("GET").text());
        }
    }

    @Test
    final void the_next_request_of_a_connection_does_not_see_the_previous_session() throws IOException {
        String cookie = startSession();
        Queue<EditableSession> instances = new ConcurrentLinkedQueue<>();
        at("/", r -> {
            instances.add(session(r));
            r.send(200, bytes(String.valueOf(session(r).get("name", String.class))));
        });
        try (RawHttp http = connect()) {
            http.send("GET", "/", "Cookie: " + cookie);
            assertEquals("John", http.readResponse("GET").text());
            http.send("GET", "/");
            assertEquals("null", http.readResponse("GET").text());
            http.send("GET", "/", "Cookie: " + cookie);
            assertEquals("John", http.readResponse("GET").text());
        }
        assertEquals(3, instances.size());
        assertNotSame(instances.poll(), instances.poll());
    }

    @Test
    final void a_session_object_is_unusable_after_its_request() throws IOException {
        Queue<EditableSession> instances = new ConcurrentLinkedQueue<>();
        at("/", r -> {
            instances.add(session(r));
            session(r).set("name", "John");
            r.send(200, bytes("hello"));
        });
        assertEquals(200, get("/", "unrelated=1").status());

        EditableSession kept = instances.remove();
        // The response may arrive shortly before the handler returns.
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (isUsable(kept)) {
            assertTrue(System.nanoTime() < giveUp, "the session object still works after its request");
            Thread.onSpinWait();
        }
    }

    private static boolean isUsable(EditableSession session) {
        try {
            return session.has("name");
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    final void a_handler_gets_one_session_object_and_concurrent_requests_get_different_ones() throws Exception {
        String cookie = startSession();
        CountDownLatch both = new CountDownLatch(2);
        Queue<EditableSession> instances = new ConcurrentLinkedQueue<>();
        at("/", r -> {
            EditableSession mine = session(r);
            instances.add(mine);
            both.countDown();
            await(both);
            assertSame(mine, session(r));
            String attribute = "n" + System.identityHashCode(mine);
            mine.set(attribute, 1);
            r.send(200, bytes(attribute));
        });
        List<Response> responses;
        try (RawHttp one = connect();
                RawHttp two = connect()) {
            one.send("GET", "/", "Cookie: " + cookie);
            two.send("GET", "/", "Cookie: " + cookie);
            responses = List.of(one.readResponse("GET"), two.readResponse("GET"));
        }
        assertNotSame(instances.remove(), instances.remove());
        for (Response response : responses) {
            assertEquals(200, response.status());
            assertEquals("1", read(cookieAfter(cookie, response), response.text()));
        }
    }
}
