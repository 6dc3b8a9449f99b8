package dev.sojourn.engine;

import dev.sojourn.Session;
import dev.sojourn.SessionInfo;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.TypedAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The scope of one request: when what happens, in the order of the design's eight steps. A request whose handler never
 * asks for its session costs this one object.
 */
final class RequestScope implements SessionScope {
    private final Engine engine;
    private final Exchange exchange;
    /** The client as the scope before this one left it, where a request goes through its adapter twice. */
    private final @Nullable ClientToken left;

    private @Nullable Asked asked;
    private @Nullable Runnable beforeBlocking;
    private @Nullable Runnable beforeUse;
    private boolean committed;
    private boolean closed;

    /** What is needed once somebody has asked for the session. */
    private record Asked(ClientToken client, EventBuffer events, RequestSession session, Session handed) {}

    RequestScope(Engine engine, Exchange exchange) {
        this(engine, exchange, null);
    }

    private RequestScope(Engine engine, Exchange exchange, @Nullable ClientToken left) {
        this.engine = engine;
        this.exchange = exchange;
        this.left = left;
    }

    private Asked ask() {
        if (asked == null) {
            EventBuffer events = engine.events();
            ClientToken client = left == null ? engine.client(exchange, events) : left.inNextScope(events);
            RequestSession session = engine.session(events, client);
            asked = new Asked(client, events, session, engine.handed(session));
            if (beforeBlocking != null) {
                asked.session().beforeBlocking(beforeBlocking);
            }
            if (beforeUse != null) {
                asked.session().beforeUse(beforeUse);
            }
            if (committed) {
                asked.session().headIsSaid();
            }
            if (closed) {
                asked.session().close();
            }
        }
        return asked;
    }

    @Override
    public Session session() {
        return ask().handed();
    }

    @Override
    public TypedAttributes typedAttributes() {
        return engine.typed(ask().session());
    }

    @Override
    public void load() {
        ask().session().load();
    }

    @Override
    public void begin() {
        ask().session().begin();
    }

    @Override
    public boolean owesToken() {
        return asked != null && asked.session().owesToken();
    }

    @Override
    public Optional<String> presented() {
        return ask().client().handle();
    }

    @Override
    public void beforeBlocking(Runnable check) {
        beforeBlocking = check;
        if (asked != null) {
            asked.session().beforeBlocking(check);
        }
    }

    @Override
    public void beforeUse(Runnable check) {
        beforeUse = check;
        if (asked != null) {
            asked.session().beforeUse(check);
        }
    }

    @Override
    public boolean mayBlock() {
        return asked != null || (!committed && (engine.loadsEverySession() || engine.accesses() != null));
    }

    @Override
    public SessionScope next() {
        close();
        if (asked != null) {
            asked.client().goesOnWith(asked.session().presentedNext());
        }
        return new RequestScope(engine, exchange, asked == null ? left : asked.client());
    }

    @Override
    public void commit() {
        if (closed || (committed && exchange.isCommitted())) {
            saveLateChanges();
            return;
        }
        boolean first = !committed;
        committed = true;
        if (first && engine.loadsEverySession()) {
            load();
        }
        AccessCache accesses = engine.accesses();
        if (first && accesses != null && ask().session().isUntouched()) {
            ask().session().countAccess(accesses);
        }
        if (asked != null && !asked.session().isUntouched()) {
            settle(asked.session(), first);
            if (accesses != null) {
                asked.session().noteAccess(accesses);
            }
        }
        answerHeaders();
    }

    private static void settle(RequestSession session, boolean first) {
        try {
            session.settle(first);
        } catch (RuntimeException | Error e) {
            // The client is about to hear that nothing was saved, so nothing is saved later either.
            session.abandon();
            throw e;
        }
    }

    @Override
    public void answerHeaders() {
        if (left != null) {
            left.sayAgain();
        }
        if (asked == null) {
            return;
        }
        RequestSession session = asked.session();
        session.headIsSaid();
        if (session.isUntouched()) {
            return;
        }
        ClientToken client = asked.client();
        client.vary();
        TokenResponse.Kind answer = session.answerAtHead();
        if (answer == TokenResponse.Kind.GIVE || answer == TokenResponse.Kind.REPEAT) {
            client.give(session.idToGive(), session.terms());
        } else if (answer == TokenResponse.Kind.TAKE_AWAY) {
            client.takeAway(session.termsOfTaken());
        } else if (answer == TokenResponse.Kind.UNTANGLE) {
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
        if (asked == null) {
            return;
        }
        RequestSession session = asked.session();
        session.headIsGone();
        saveLateChanges();
        // An untouched session too: nobody may begin to use it now, and a store that could not load it is news.
        session.close();
        asked.events().tell();
        if (session.storedNewRecord()) {
            engine.storedNewRecord();
        }
    }

    private void saveLateChanges() {
        if (asked == null || asked.session().isUntouched()) {
            return;
        }
        RequestSession session = asked.session();
        try {
            session.settle(false);
        } catch (RuntimeException e) {
            SessionInfo info = session.info();
            asked.events().add(heard -> heard.onLateChangeLost(info, e));
            session.abandon();
        }
    }
}
