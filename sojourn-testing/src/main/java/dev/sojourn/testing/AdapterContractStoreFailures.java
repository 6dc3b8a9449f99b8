package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.EditableSession;
import dev.sojourn.Session;
import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract.Responder;
import dev.sojourn.testing.AdapterContract.Scenario;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.FaultyStore.Hold;
import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of the {@link AdapterContract} about saves to a store: a response waits for them, and what happens if they fail. */
abstract class AdapterContractStoreFailures extends AdapterContractCrossSite {
    // ---- the kind of session

    @Override
    final SessionSource sessions() {
        return Sessions.create(c -> c.secret(SECRET)
                .store(store)
                .clock(clock)
                .requireSignIn(MEMBERS)
                .exclusive(AdapterContract.ROUTE));
    }

    @Override
    final EditableSession session(Responder responder) {
        return responder.session();
    }

    @Override
    final void failSave(EditableSession changed) {
        store.failNext(changed.isNew() ? Call.CREATE : Call.COMPARE_AND_SET, Fault.NOT_DONE);
    }

    @Override
    final int failedSaveStatus() {
        return 503;
    }

    @Override
    final void saveNow(EditableSession session) {
        ((Session) session).save();
    }

    @Override
    final void changeId(EditableSession session) {
        ((Session) session).changeId();
    }

    @Override
    final List<Runnable> idChanges(EditableSession session) {
        return List.of(() -> session.login("alice"), () -> changeId(session), session::regenerate);
    }

    /** Returns the cookie that the client has: the store has the change. */
    @Override
    final String cookieAfter(String cookie, Response response) {
        assertEquals(List.of(), response.values("Set-Cookie"));
        return cookie;
    }

    // ---- a response waits for the save

    @Test
    final void no_byte_of_a_response_is_sent_before_its_session_is_saved() throws IOException {
        assertResponseWaits(r -> r.send(200, bytes("hello")));
    }

    @Test
    final void no_byte_of_a_stream_is_sent_before_its_session_is_saved() throws IOException {
        assertResponseWaits(r -> {
            try (OutputStream out = r.stream(200)) {
                out.write(bytes("hello"));
                out.flush();
            }
        });
    }

    @Test
    final void no_byte_of_a_redirect_is_sent_before_its_session_is_saved() throws IOException {
        assertResponseWaits(r -> r.redirect("/home"));
    }

    private void assertResponseWaits(Scenario respond) throws IOException {
        at("/", r -> {
            r.session().set("name", "John");
            respond.handle(r);
        });
        Hold create = store.holdNext(Call.CREATE);
        try (RawHttp http = connect()) {
            http.send("GET", "/");
            create.awaitCall();
            assertTrue(http.isSilent(), "a response was sent before the session was saved");
            create.release();
            assertEquals("John", read(cookie(http.readResponse("GET")), "name"));
        } finally {
            create.release();
        }
    }

    // ---- a failed call or save

    @Test
    final void an_uncaught_session_exception_gives_its_own_status() throws IOException {
        String cookie = startSession();
        String newer = signIn(cookie);

        Response response = get(
                r -> {
                    r.session().update("n", Integer.class, n -> 1);
                    r.send(200, bytes("counted"));
                },
                cookie);

        assertEquals(409, response.status());
        assertEquals(List.of(), response.values("Set-Cookie"));
        assertEquals("alice", subject(newer));
    }

    @Test
    final void a_read_from_an_unavailable_store_gives_503() throws IOException {
        String cookie = startSession();
        store.failAll();

        Response response = get(r -> r.send(200, bytes("hello " + r.session().get("name", String.class))), cookie);

        assertReplaced(503, response);
        store.reset();
        assertEquals("John", read(cookie, "name"));
    }

    @Test
    final void a_session_that_was_saved_before_the_failure_reaches_the_client() throws IOException {
        Response response = get(r -> {
            r.session().set("name", "John");
            r.session().save();
            r.session().set("ordered", true);
            store.failNext(Call.COMPARE_AND_SET, Fault.NOT_DONE);
            r.send(200, bytes("your order is placed"));
        });

        assertEquals(503, response.status());
        assertEquals("John", read(cookie(response), "name"));
    }

    @Test
    final void a_change_by_a_superseded_request_gives_409_and_no_cookie() throws IOException {
        String cookie = startSession();
        String newer = signIn(cookie);

        Response response = get(
                r -> {
                    r.session().set("late", 1);
                    r.send(200, bytes("your order is placed"));
                },
                cookie);

        assertEquals(409, response.status());
        assertEquals(List.of(), response.values("Set-Cookie"));
        assertFalse(response.text().contains("order"));
        assertEquals("null", read(newer, "late"));
        assertEquals("alice", subject(newer));
    }

    @Test
    final void a_logout_that_cannot_be_stored_gives_503_and_keeps_the_cookie() throws IOException {
        String cookie = startSession();
        store.failNext(Call.DELETE, Fault.NOT_DONE);

        Response response = get(
                r -> {
                    r.session().destroy();
                    r.redirect("/order");
                },
                cookie);

        assertReplaced(503, response);
        assertEquals("John", read(cookie, "name"));
    }
}
