package dev.sojourn.testing;

import dev.sojourn.EditableSession;
import dev.sojourn.testing.AdapterContract.Responder;
import dev.sojourn.testing.RawHttp.Response;
import java.io.IOException;
import java.util.List;

/** The base of the rules of the {@link AdapterContract} about sessions that a handler can change: they hold for every kind. */
abstract class AdapterContractSupport extends AdapterContractServer {
    // ---- the kind of session that the rules are about

    /** Returns the session of a request. */
    abstract EditableSession session(Responder responder);

    /** Makes the save of a request's session fail after the handler has changed it. */
    abstract void failSave(EditableSession changed);

    /** Returns the status of the response if {@link #failSave} was called. */
    abstract int failedSaveStatus();

    /** Saves before the response, if this kind of session can do that. */
    abstract void saveNow(EditableSession session);

    /** Replaces the id and keeps the session, if this kind of session can do that. */
    abstract void changeId(EditableSession session);

    /** Returns the calls that give the session another id. */
    abstract List<Runnable> idChanges(EditableSession session);

    /** Returns the cookie of a client after a response to a request that has changed an attribute. */
    abstract String cookieAfter(String cookie, Response response);

    // ---- requests that use a session

    /** Starts a session with a name and returns its cookie. */
    final String startSession() throws IOException {
        at("/new", r -> {
            session(r).set("name", "John");
            r.send(200, bytes("hello"));
        });
        return cookie(get("/new", "unrelated=1"));
    }

    /** Signs the client of a cookie in and returns its new cookie. */
    final String signIn(String cookie) throws IOException {
        return cookie(get(
                r -> {
                    session(r).login("alice");
                    r.send(200, bytes("welcome"));
                },
                cookie));
    }

    /** Returns an attribute as the client's next request reads it. */
    final String read(String cookie, String name) throws IOException {
        at("/read", r -> r.send(200, bytes(String.valueOf(session(r).get(name, Object.class)))));
        return get("/read", cookie).text();
    }

    /** Returns the subject as the client's next request reads it. */
    final String subject(String cookie) throws IOException {
        at("/subject", r -> r.send(200, bytes(String.valueOf(session(r).subject()))));
        return get("/subject", cookie).text();
    }
}
