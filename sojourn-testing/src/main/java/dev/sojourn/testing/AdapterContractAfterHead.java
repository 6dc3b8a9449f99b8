package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of the {@link AdapterContract} about changes after the head of the response was sent. */
abstract class AdapterContractAfterHead extends AdapterContractFailures {
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
    final void a_first_change_after_the_head_is_refused_if_there_is_no_record() throws IOException {
        Response response = get(r -> {
            try (OutputStream out = r.stream(200)) {
                out.flush();
                IllegalStateException refused = assertThrows(
                        IllegalStateException.class, () -> r.session().set("late", 1));
                out.write(bytes(String.valueOf(refused.getMessage())));
            }
        });

        assertTrue(response.text().contains("head"), response.text());
        assertEquals(List.of(), response.values("Set-Cookie"));
        assertEquals(List.of(), store.calls());
    }

    @Test
    final void a_new_id_after_the_head_is_refused_and_changes_nothing() throws IOException {
        String cookie = startSession();
        Response response = get(
                r -> {
                    try (OutputStream out = r.stream(200)) {
                        out.write(bytes("hello"));
                        out.flush();
                        assertThrows(
                                IllegalStateException.class, () -> r.session().login("alice"));
                        assertThrows(
                                IllegalStateException.class, () -> r.session().changeId());
                        assertThrows(
                                IllegalStateException.class, () -> r.session().regenerate());
                    }
                },
                cookie);

        assertTrue(response.complete());
        assertEquals("null", subject(cookie));
        assertEquals("John", read(cookie, "name"));
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
}
