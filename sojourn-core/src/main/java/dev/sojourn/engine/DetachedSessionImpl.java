package dev.sojourn.engine;

import dev.sojourn.DetachedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionSupersededException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenFormat.Verified;
import java.util.function.Function;

/** A session by its id, beyond the request that brought it. Each use is a little request of its own, without a head. */
final class DetachedSessionImpl implements DetachedSession {
    private final Engine engine;
    private final SessionRecords vault;
    private final DetachedExchange exchange;
    private final String id;
    private final Runnable beforeBlocking;

    DetachedSessionImpl(
            Engine engine, SessionRecords vault, DetachedExchange exchange, String id, Runnable beforeBlocking) {
        this.engine = engine;
        this.vault = vault;
        this.exchange = exchange;
        this.id = id;
        this.beforeBlocking = beforeBlocking;
    }

    private StoreKey key() {
        return vault.keyOf(id);
    }

    @Override
    public String publicId() {
        return SessionIds.handle(key());
    }

    @Override
    public boolean isAlive() {
        beforeBlocking.run();
        EventBuffer events = engine.events();
        try {
            return vault.load(key(), events) instanceof StoredState.Live;
        } finally {
            events.tell();
        }
    }

    @Override
    public <R> R use(Function<Session, R> work) {
        beforeBlocking.run();
        EventBuffer events = engine.events();
        ClientToken client = engine.client(exchange, events);
        client.goesOnWith(new Verified(id, false));
        RequestSession session = engine.session(events, client);
        try {
            session.load();
            requireLive(session);
            session.headIsGone();
            R result = work.apply(engine.handed(session));
            session.settle(true);
            return result;
        } catch (RuntimeException | Error e) {
            session.abandon();
            throw e;
        } finally {
            session.close();
            events.tell();
        }
    }

    private static void requireLive(RequestSession session) {
        if (session.isSuperseded()) {
            throw new SessionSupersededException();
        }
        if (!session.isLive()) {
            throw new SessionEndedException();
        }
    }

    @Override
    public void touch() {
        use(session -> {
            session.touch();
            return true;
        });
    }

    /** Never shows the id. */
    @Override
    public String toString() {
        return "DetachedSession " + publicId();
    }
}
