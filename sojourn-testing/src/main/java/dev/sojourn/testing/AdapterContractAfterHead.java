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
    final void a_first_change_after_the_head_is_refused_if_there_is_no_record() throws IOException {
        Response response = get(r -> {
            try (OutputStream out = r.stream(200)) {
                out.flush();
                IllegalStateException refused = assertThrows(
                        IllegalStateException.class, () -> session(r).set("late", 1));
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
                        for (Runnable change : idChanges(session(r))) {
                            assertThrows(IllegalStateException.class, change::run);
                        }
                    }
                },
                cookie);

        assertTrue(response.complete());
        assertEquals("null", subject(cookie));
        assertEquals("John", read(cookie, "name"));
    }
}
