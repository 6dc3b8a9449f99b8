package dev.sojourn.engine;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.TypedAttributes;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request's scope of a sealed session. Enforces the order of load, commit, response and close. A request whose handler
 * never uses its session costs this one object.
 */
final class SealedScope implements SessionScope {
    private final SealedEngine engine;
    private final Exchange exchange;
    /** The client of the scope that this one continues; null for the first one of a request. */
    private final @Nullable SealedClient previous;
    /** The client as it goes on from there; null if the previous scope left everything as it came. */
    private final @Nullable SealedClient continued;

    private @Nullable Use use;
    private @Nullable Runnable beforeBlocking;
    private @Nullable Runnable beforeUse;
    /** The session that the client goes on with after this scope was closed; null if there is none. */
    private @Nullable SealedRecord lastSession;

    /** What keeps the handler from the session of a request of another site; null if nothing does. */
    private @Nullable CrossSiteGate gate;

    private boolean committed;
    private boolean closed;

    /** What a request needs once its session is used. */
    private record Use(
            SealedClient client, EventBuffer events, SealedRequest request, HandlerSealedSession handlerSession) {}

    SealedScope(SealedEngine engine, Exchange exchange) {
        this(engine, exchange, null, null, null);
    }

    private SealedScope(
            SealedEngine engine,
            Exchange exchange,
            @Nullable SealedClient previous,
            @Nullable SealedClient continued,
            @Nullable CrossSiteGate gate) {
        this.engine = engine;
        this.exchange = exchange;
        this.previous = previous;
        this.continued = continued;
        this.gate = gate;
    }

    private Use use() {
        if (use == null) {
            EventBuffer events = engine.events();
            SealedClient client = continued == null ? engine.client(exchange) : continued;
            SealedRequest request = engine.request(client, events);
            use = new Use(client, events, request, engine.handlerSession(request));
            if (beforeBlocking != null) {
                request.beforeBlocking(beforeBlocking);
            }
            if (beforeUse != null) {
                request.beforeUse(beforeUse);
            }
            request.gate(gate);
            if (committed) {
                request.completeHead();
            }
            if (closed) {
                request.close();
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
                exchange, text -> use().request().isCsrfToken(text), isProtectedElsewhere, () -> use().events());
        if (gate != null) {
            use().request().gate(gate);
            gate.checkRefused();
            if (isSignInRequired()) {
                gate.suspend();
            }
        }
    }

    @Override
    public Session session() {
        throw new IllegalStateException("this application keeps its sessions in sealed cookies (SealedSessions): call"
                + " Sojourn.sealed(…), or mount Sessions, which keep them in a store");
    }

    @Override
    public SealedSession sealed() {
        return use().handlerSession();
    }

    @Override
    public SessionView view() {
        return sealed();
    }

    @Override
    public TypedAttributes typedAttributes() {
        return engine.typedAttributes(use().request());
    }

    @Override
    public void load() {
        use().request().load();
    }

    @Override
    public boolean viewMayBlock() {
        return use().request().loadMayBlock();
    }

    @Override
    public boolean isRefreshDue() {
        return viewMayBlock();
    }

    @Override
    public void begin() {
        use().request().begin();
    }

    @Override
    public boolean hasPendingToken() {
        return use != null && use.request().isPending();
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
            use.request().beforeBlocking(check);
        }
    }

    @Override
    public void setUseCheck(Runnable check) {
        beforeUse = check;
        if (use != null) {
            use.request().beforeUse(check);
        }
    }

    @Override
    public boolean mayBlock() {
        return use != null && use.request().commitMayBlock();
    }

    @Override
    public SessionScope next() {
        if (use == null) {
            close();
            return new SealedScope(engine, exchange, previous, continued, gate);
        }
        close();
        SealedClient client = use.client();
        return new SealedScope(
                engine, exchange, client, client.isAnswered() ? client.inNextScope(lastSession) : continued, gate);
    }

    @Override
    public void commit() {
        if (closed || (committed && exchange.isCommitted())) {
            reportLateChanges();
            return;
        }
        committed = true;
        if (use != null && !use.request().isUntouched()) {
            use.request().commit();
        }
        setTokenHeaders();
    }

    @Override
    public void setTokenHeaders() {
        if (previous != null) {
            previous.respond();
        }
        if (use == null) {
            return;
        }
        use.request().completeHead();
        if (!use.request().isUntouched()) {
            use.client().vary();
            use.client().respond();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        reportLateChanges();
        closed = true;
        committed = true;
        if (use != null) {
            lastSession = use.request().next();
            use.request().close();
            use.events().deliver();
        }
    }

    private void reportLateChanges() {
        if (use != null) {
            use.request().reportLateChanges();
        }
    }
}
