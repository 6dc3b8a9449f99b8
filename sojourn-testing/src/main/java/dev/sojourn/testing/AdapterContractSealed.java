package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.EditableSession;
import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSessions;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.AdapterContract.Responder;
import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The part of the {@link AdapterContract} about sealed sessions: the rules that hold for every kind of session, and what is
 * different without a store.
 */
abstract class AdapterContractSealed extends AdapterContractCrossSite {
    // ---- the kind of session

    @Override
    final SessionSource sessions() {
        SessionStore revoked = MemoryStore.builder().clock(clock).build();
        return SealedSessions.create(c -> c.seal(new TestSeal())
                .requireSignIn(MEMBERS)
                .revocations(Revocations.in(revoked, r -> r.clock(clock)))
                .clock(clock));
    }

    @Override
    final EditableSession session(Responder responder) {
        return responder.sealed();
    }

    /** Makes the session too large for a cookie. No single value is. */
    @Override
    final void failSave(EditableSession changed) {
        changed.set("one", "x".repeat(2_500));
        changed.set("two", "x".repeat(2_500));
    }

    @Override
    final int failedSaveStatus() {
        return 500;
    }

    /** Does nothing: a sealed session is saved in the response. */
    @Override
    final void saveNow(EditableSession session) {}

    /** Does nothing: a sealed session has no id that changes alone. */
    @Override
    final void changeId(EditableSession session) {}

    @Override
    final List<Runnable> idChanges(EditableSession session) {
        return List.of(() -> session.login("alice"), session::regenerate);
    }

    /** Returns the new cookie: the old one does not have the change. */
    @Override
    final String cookieAfter(String cookie, Response response) {
        return cookie(response);
    }

    // ---- what is different without a store

    @Test
    final void a_change_of_a_sealed_session_after_the_head_is_refused() throws IOException {
        String cookie = startSession();
        Response response = get(
                r -> {
                    r.sealed().get("name", String.class);
                    try (OutputStream out = r.stream(200)) {
                        out.write(bytes("hello"));
                        out.flush();
                        IllegalStateException refused = assertThrows(
                                IllegalStateException.class, () -> r.sealed().set("late", 1));
                        assertTrue(String.valueOf(refused.getMessage()).contains("head"), refused::getMessage);
                    }
                },
                cookie);

        assertEquals("hello", response.text());
        assertTrue(response.complete());
        assertEquals(List.of(), response.values("Set-Cookie"));
        assertEquals("null", read(cookie, "late"));
        assertEquals("John", read(cookie, "name"));
    }

    @Test
    final void a_due_touch_seals_the_cookie_again() throws IOException {
        String cookie = signIn(startSession());
        clock.advance(Duration.ofMinutes(20));
        Response response = get(r -> r.send(200, bytes("hello " + r.sealed().get("name", String.class))), cookie);

        assertEquals("hello John", response.text());
        assertNotEquals(cookie, cookie(response));
        clock.advance(Duration.ofMinutes(20));
        assertEquals("John", read(cookie(response), "name"));
        assertEquals("null", read(cookie, "name"));
    }

    @Test
    final void a_sealed_cookie_that_was_changed_is_no_session() throws IOException {
        String cookie = startSession();
        int middle = cookie.length() / 2;
        char other = cookie.charAt(middle) == 'A' ? 'B' : 'A';
        String changed = cookie.substring(0, middle) + other + cookie.substring(middle + 1);
        Response response = get(r -> r.send(200, bytes("hello " + r.sealed().get("name", String.class))), changed);

        assertEquals(200, response.status());
        assertEquals("hello null", response.text());
        assertEquals("John", read(cookie, "name"));
    }

    @Test
    final void a_session_that_is_not_mounted_is_refused_with_the_name_of_what_is() throws IOException {
        Response response = get(r -> {
            assertSame(r.sealed(), r.view());
            IllegalStateException refused = assertThrows(IllegalStateException.class, r::session);
            r.send(200, bytes(String.valueOf(refused.getMessage())));
        });

        assertTrue(response.text().contains("SealedSessions"), response.text());
    }
}
