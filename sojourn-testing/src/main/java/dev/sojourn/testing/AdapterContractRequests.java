package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.Session;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.RawHttp.Response;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The part of the {@link AdapterContract} about requests: their headers, paths and session objects, and the store calls that they cost. */
abstract class AdapterContractRequests extends AdapterContractHeaders {
    // ---- what a request costs

    @Test
    final void a_request_that_does_not_use_its_session_costs_nothing_and_changes_no_header() throws IOException {
        String cookie = startSession();
        store.reset();

        Response response = get(
                r -> {
                    assertNotNull(r.session());
                    r.addHeader("Cache-Control", "public, max-age=600");
                    r.send(200, bytes("hello"));
                },
                cookie);

        assertEquals(Set.of(), vary(response));
        assertEquals(List.of(), response.values("Set-Cookie"));
        assertEquals(List.of("public, max-age=600"), response.values("Cache-Control"));
        assertEquals(List.of(), store.calls());
    }

    @Test
    final void a_read_costs_one_load_and_a_change_one_load_and_one_compare_and_set() throws IOException {
        String cookie = startSession();
        store.reset();

        get(r -> r.send(200, bytes("hello " + r.session().get("name", String.class))), cookie);
        assertEquals(List.of(Call.LOAD), store.calls());

        store.reset();
        get(
                r -> {
                    r.session().set("name", "Jane");
                    r.send(200, bytes("hello"));
                },
                cookie);
        assertEquals(List.of(Call.LOAD, Call.COMPARE_AND_SET), store.calls());
    }

    @Test
    final void a_due_touch_is_stored_without_a_cookie() throws IOException {
        String cookie = startSession();
        clock.advance(Duration.ofMinutes(2));
        store.reset();

        Response response = get(r -> r.send(200, bytes("hello " + r.session().get("name", String.class))), cookie);

        assertEquals(List.of(Call.LOAD, Call.TOUCH), store.calls());
        assertEquals(List.of(), response.values("Set-Cookie"));
    }

    // ---- headers, paths and session objects

    @Test
    final void cookies_in_two_header_lines_are_read_as_one_list() throws IOException {
        String cookie = startSession();
        at("/", r -> r.send(200, bytes(String.valueOf(r.session().get("name", String.class)))));
        try (RawHttp http = connect()) {
            http.send("GET", "/", "Cookie: theme=dark", "Cookie: " + cookie + "; lang=de");
            assertEquals("John", http.readResponse("GET").text());
            http.send("GET", "/", "Cookie: lang=de; " + cookie, "Cookie: theme=dark");
            assertEquals("John", http.readResponse("GET").text());
        }
    }

    @Test
    final void a_path_rule_applies_to_every_spelling_that_the_router_accepts() throws IOException {
        String cookie = startSession();
        List<String> routed = new ArrayList<>();
        for (String spelling : PathSpellings.of(AdapterContract.ROUTE)) {
            store.reset();
            if (reachesRouteWithSession(spelling, cookie)) {
                routed.add(spelling);
                assertEquals(
                        List.of(Call.LOAD, Call.COMPARE_AND_SET, Call.COMPARE_AND_SET),
                        store.calls(),
                        () -> spelling + " reached the handler without a lease");
            }
        }
        assertEquals(AdapterContract.ROUTE, routed.get(0));
        assertTrue(routed.size() > 1, "every router accepts more than one spelling");
        store.reset();
        assertEquals("John", read(cookie, "name"));
        assertEquals(List.of(Call.LOAD), store.calls(), "the rule does not apply to other paths");
    }

    /** Returns whether the framework's router passes a request to the handler at {@code ROUTE}, with its session. */
    private boolean reachesRouteWithSession(String target, String cookie) throws IOException {
        AtomicBoolean routed = new AtomicBoolean();
        at(AdapterContract.ROUTE, r -> {
            routed.set(r.session().has("name"));
            r.send(200, bytes("redeemed"));
        });
        try (RawHttp http = connect()) {
            http.send("GET", target, "Cookie: " + cookie, "Connection: close");
            http.readResponse("GET");
        } catch (EOFException | SocketException refused) {
            return routed.get();
        }
        return routed.get();
    }

    @Test
    final void the_next_request_of_a_connection_does_not_see_the_previous_session() throws IOException {
        String cookie = startSession();
        Queue<Session> instances = new ConcurrentLinkedQueue<>();
        at("/", r -> {
            instances.add(r.session());
            r.send(200, bytes(String.valueOf(r.session().get("name", String.class))));
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
        Queue<Session> instances = new ConcurrentLinkedQueue<>();
        at("/", r -> {
            instances.add(r.session());
            r.session().set("name", "John");
            r.send(200, bytes("hello"));
        });
        assertEquals(200, get("/", "unrelated=1").status());

        Session kept = instances.remove();
        // The response may arrive shortly before the handler returns.
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (isUsable(kept)) {
            assertTrue(System.nanoTime() < giveUp, "the session object still works after its request");
            Thread.onSpinWait();
        }
    }

    private static boolean isUsable(Session session) {
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
        Queue<Session> instances = new ConcurrentLinkedQueue<>();
        at("/", r -> {
            Session mine = r.session();
            instances.add(mine);
            both.countDown();
            await(both);
            assertSame(mine, r.session());
            mine.set("n" + System.identityHashCode(mine), 1);
            r.send(200, bytes("hello"));
        });
        try (RawHttp one = connect();
                RawHttp two = connect()) {
            one.send("GET", "/", "Cookie: " + cookie);
            two.send("GET", "/", "Cookie: " + cookie);
            assertEquals(200, one.readResponse("GET").status());
            assertEquals(200, two.readResponse("GET").status());
        }
        Session first = instances.remove();
        Session second = instances.remove();
        assertNotSame(first, second);
        assertEquals("1", read(cookie, "n" + System.identityHashCode(first)));
        assertEquals("1", read(cookie, "n" + System.identityHashCode(second)));
    }
}
