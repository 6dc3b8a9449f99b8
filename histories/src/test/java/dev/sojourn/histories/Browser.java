package dev.sojourn.histories;

import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One browser with a cookie and the session that the cookie should belong to. Several threads use it concurrently. A
 * {@code Set-Cookie} replaces the cookie whenever it arrives, and {@code Max-Age=0} removes it.
 */
final class Browser implements Load.User {
    /** The number of writes before the browser starts a new session: longer lists only make requests slower. */
    private static final int MAX_WRITES = 60;

    private final String name;
    private final String user;
    private final Client client;

    private int sessions;
    private int writes;
    private boolean needsNewSession = true;
    private String owner;
    private @Nullable String cookie;

    private record BrowserSession(String owner, @Nullable String cookie) {}

    Browser(String name, String user, Client client) {
        this.name = name;
        this.user = user;
        this.client = client;
        this.owner = name;
    }

    @Override
    public boolean sendRandomRequest(Random random) {
        int node = random.nextInt(client.nodes());
        BrowserSession newSession = startSession();
        if (newSession != null) {
            return handle(newSession, client.send(Client.Request.start(newSession.owner(), user, node)));
        }
        OperationKind kind = OperationMix.pick(random);
        BrowserSession session = currentSession(kind);
        if (session.cookie() == null) {
            return false;
        }
        String register = kind == OperationKind.SET
                ? SessionView.REGISTERS.get(random.nextInt(SessionView.REGISTERS.size()))
                : "";
        return handle(
                session,
                client.send(new Client.Request(kind, session.owner(), user, register, session.cookie(), node)));
    }

    /** Returns a new session to start, or null if there is one or another thread starts one. */
    private synchronized @Nullable BrowserSession startSession() {
        if (!needsNewSession) {
            return null;
        }
        needsNewSession = false;
        writes = 0;
        owner = name + "." + ++sessions;
        cookie = null;
        return new BrowserSession(owner, null);
    }

    private synchronized BrowserSession currentSession(OperationKind kind) {
        boolean writing = kind == OperationKind.MARK || kind == OperationKind.NAIVE || kind == OperationKind.SET;
        if (writing && ++writes > MAX_WRITES) {
            needsNewSession = true;
        }
        return new BrowserSession(owner, cookie);
    }

    private boolean handle(BrowserSession session, OperationOutcome outcome) {
        updateCookie(session, outcome);
        return outcome.isDone() || outcome.hasNoSession();
    }

    private synchronized void updateCookie(BrowserSession session, OperationOutcome outcome) {
        if (!session.owner().equals(owner)) {
            // The browser has started another session in the meantime.
            return;
        }
        if (outcome.newToken() != null) {
            cookie = outcome.newToken();
        } else if (outcome.cookieCleared()) {
            cookie = null;
            needsNewSession = true;
        } else if (outcome.hasNoSession() && Objects.equals(session.cookie(), cookie)) {
            needsNewSession = true;
        } else if (cookie == null) {
            // The new session was not created.
            needsNewSession = true;
        }
    }
}
