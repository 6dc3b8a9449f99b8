package dev.sojourn.engine;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionView;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.TypedAttributes;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request's scope. Enforces the order of load, commit, response and close. A request whose handler never uses its session
 * costs this one object, unless an option makes every request load its session.
 */
final class RequestScope implements SessionScope {
    private final Engine engine;
    private final Exchange exchange;
    /** The client as the previous scope left it, where a request passes its adapter twice; else null. */
    private final @Nullable ClientToken previous;

    private @Nullable Use use;
    private @Nullable Runnable beforeBlocking;
    private @Nullable Runnable beforeUse;
    /** What keeps the handler from the session of a request of another site; null if nothing does. */
    private @Nullable CrossSiteGate gate;

    private boolean committed;
    private boolean closed;

    /** What a request needs once its session is used. */
    private record Use(ClientToken client, EventBuffer events, ScopedSession session, Session handlerSession) {}

    RequestScope(Engine engine, Exchange exchange) {
        this(engine, exchange, null, null);
    }

    private RequestScope(
            Engine engine, Exchange exchange, @Nullable ClientToken previous, @Nullable CrossSiteGate gate) {
        this.engine = engine;
        this.exchange = exchange;
        this.previous = previous;
        this.gate = gate;
    }

    private Use use() {
        if (use == null) {
            EventBuffer events = engine.events();
            ClientToken client = previous == null ? engine.client(exchange, events) : previous.inNextScope(events);
            ScopedSession session = engine.session(events, client);
            use = new Use(client, events, session, engine.handlerSession(session));
            if (beforeBlocking != null) {
                use.session().beforeBlocking(beforeBlocking);
                client.beforeBlocking(beforeBlocking);
            }
            if (beforeUse != null) {
                use.session().beforeUse(beforeUse);
                client.beforeUse(beforeUse);
            }
            use.session().gate(gate);
            if (committed) {
                use.session().completeHead();
            }
            if (closed) {
                use.session().close();
                client.close();
            }
        }
        return use;
    }

    @Override
    public void admit(BooleanSupplier isProtectedElsewhere) {
        CrossSiteGuard guard = engine.guard();
        if (!guard.concerns(exchange)) {
            return;
        }
        gate = guard.examine(
                exchange, text -> use().session().isCsrfToken(text), isProtectedElsewhere, () -> use().events());
        if (gate != null) {
            use().session().gate(gate);
            gate.checkRefused();
            if (isSignInRequired()) {
                gate.suspend();
            }
        }
    }

    /** Whether the session cannot be used, and so cannot have been. */
    private boolean isShut() {
        return gate != null && gate.isShut();
    }

    @Override
    public Session session() {
        return use().handlerSession();
    }

    @Override
    public SealedSession sealed() {
        throw new IllegalStateException("this application keeps its sessions in a store (Sessions): call"
                + " Sojourn.session(…), or mount SealedSessions");
    }

    @Override
    public SessionView view() {
        return use().client().view(use().handlerSession());
    }

    @Override
    public void loadView() {
        use().client().loadView(use().session());
    }

    @Override
    public boolean viewMayBlock() {
        return use().client().viewMayBlock();
    }

    @Override
    public boolean isRefreshDue() {
        return engine.hasRevocations() && use().client().isRefreshDue();
    }

    @Override
    public TypedAttributes typedAttributes() {
        return engine.typedAttributes(use().session());
    }

    @Override
    public void load() {
        use().session().load();
    }

    @Override
    public void begin() {
        use().session().begin();
    }

    @Override
    public boolean hasPendingToken() {
        return use != null && use.session().owesToken();
    }

    @Override
    public void checkSignIn() {
        try {
            SessionScope.super.checkSignIn();
        } finally {
            if (gate != null) {
                gate.resume();
            }
        }
    }

    @Override
    public boolean isSignInRequired() {
        return engine.isSignInRequired(exchange);
    }

    @Override
    public Optional<String> tokenPublicId() {
        return use().client().publicId();
    }

    @Override
    public void setBlockingCheck(Runnable check) {
        beforeBlocking = check;
        if (use != null) {
            use.session().beforeBlocking(check);
            use.client().beforeBlocking(check);
        }
    }

    @Override
    public void setUseCheck(Runnable check) {
        beforeUse = check;
        if (use != null) {
            use.session().beforeUse(check);
            use.client().beforeUse(check);
        }
    }

    @Override
    public boolean mayBlock() {
        if (use != null && (!use.session().isUntouched() || !use.events().isEmpty())) {
            return true;
        }
        return !committed && !isShut() && (engine.loadsSessionOf(exchange) || engine.accesses() != null);
    }

    @Override
    public SessionScope next() {
        close();
        if (use != null) {
            use.client().replaceToken(use.session().nextToken());
        }
        return new RequestScope(engine, exchange, use == null ? previous : use.client(), gate);
    }

    @Override
    public void commit() {
        if (closed || (committed && exchange.isCommitted())) {
            saveLateChanges();
            return;
        }
        boolean first = !committed;
        committed = true;
        if (isShut()) {
            setTokenHeaders();
            return;
        }
        if (first && engine.loadsSessionOf(exchange)) {
            load();
        }
        AccessCache accesses = engine.accesses();
        if (first
                && accesses != null
                && use().session().isUntouched()
                && !use().client().isQuiet()) {
            use().session().countAccess(accesses);
        }
        if (use != null && !use.session().isUntouched()) {
            commit(use.session(), first ? CommitPoint.HEAD : CommitPoint.OTHER);
            if (accesses != null) {
                use.session().noteAccess(accesses);
            }
        }
        setTokenHeaders();
    }

    private static void commit(ScopedSession session, CommitPoint point) {
        try {
            session.commit(point);
        } catch (RuntimeException | Error e) {
            // The response reports that nothing was saved, so nothing may be saved later.
            session.abandon();
            throw e;
        }
    }

    @Override
    public void setTokenHeaders() {
        if (previous != null) {
            previous.repeatResponse();
        }
        if (use == null) {
            return;
        }
        use.client().setOwnHeaders();
        ScopedSession session = use.session();
        session.completeHead();
        if (session.isUntouched()) {
            return;
        }
        ClientToken client = use.client();
        client.vary();
        TokenResponse.Kind kind = session.tokenResponse();
        if (kind == TokenResponse.Kind.GIVE || kind == TokenResponse.Kind.REPEAT) {
            client.give(session.idToGive(), session.generationToGive(), session.terms());
        } else if (kind == TokenResponse.Kind.TAKE_AWAY) {
            client.takeAway(session.termsOfTakenToken());
            if (session.isDestroyedByHandler()) {
                client.clearSiteData();
            }
        } else if (kind == TokenResponse.Kind.UNTANGLE) {
            client.untangle();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        committed = true;
        if (use == null) {
            return;
        }
        ScopedSession session = use.session();
        session.releaseHead();
        saveLateChanges();
        // An untouched session too: it must not be used any more, and a store that could not load it is reported.
        session.close();
        use.client().close();
        use.events().deliver();
        if (session.hasStoredNewRecord()) {
            engine.countNewRecord();
        }
    }

    private void saveLateChanges() {
        if (use == null || use.session().isUntouched()) {
            return;
        }
        ScopedSession session = use.session();
        try {
            session.commit(CommitPoint.OTHER);
        } catch (RuntimeException e) {
            SessionInfo info = session.info();
            use.events().add(listener -> listener.onLateChangeLost(info, e));
            session.abandon();
        }
    }
}
