package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.RawHttp.Response;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * The part of the {@link AdapterContract} about what only a session in a store can do: changes after the head, leases
 * by path, and the calls that a request costs.
 */
abstract class AdapterContractStoreRequests extends AdapterContractStoreFailures {
    @Test
    final void a_change_after_the_head_is_visible_to_the_clients_next_request() throws IOException {
        String cookie = startSession();
        for (int i = 1; i <= 20; i++) {
            int round = i;
            Response response = get(
                    r -> {
                        r.session().get("name", String.class);
                        try (OutputStream out = r.stream(200)) {
                            out.write(bytes("hello"));
                            out.flush();
                            r.session().set("late", round);
                        }
                    },
                    cookie);

            assertEquals("hello", response.text());
            assertEquals(Integer.toString(round), read(cookie, "late"));
        }
    }

    @Test
    final void destroy_after_the_head_ends_the_session_and_leaves_the_cookie() throws IOException {
        String cookie = startSession();
        Response response = get(
                r -> {
                    try (OutputStream out = r.stream(200)) {
                        out.write(bytes("bye"));
                        out.flush();
                        r.session().destroy();
                    }
                },
                cookie);

        assertEquals(List.of(), response.values("Set-Cookie"));
        assertEquals("null", read(cookie, "name"));
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
}
