package dev.sojourn.engine;

import dev.sojourn.DetachedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionSupersededException;
import java.util.function.Function;

/** A session by its name, after the request that it came with. Each use is a small request without a head. */
final class DetachedSessionImpl implements DetachedSession {
    private final Engine engine;
    private final SessionRecords records;
    private final DetachedExchange exchange;
    private final SessionName session;
    private final Runnable beforeBlocking;

    DetachedSessionImpl(
            Engine engine,
            SessionRecords records,
            DetachedExchange exchange,
            SessionName session,
            Runnable beforeBlocking) {
        this.engine = engine;
        this.records = records;
        this.exchange = exchange;
        this.session = session;
        this.beforeBlocking = beforeBlocking;
    }

    @Override
    public String publicId() {
        return SessionIds.publicId(session.key());
    }

    @Override
    public boolean isAlive() {
        beforeBlocking.run();
        EventBuffer events = engine.events();
        try {
            return records.load(session.key(), events) instanceof StoredState.Live;
        } finally {
            events.deliver();
        }
    }

    @Override
    public <R> R use(Function<Session, R> work) {
        beforeBlocking.run();
        EventBuffer events = engine.events();
        ClientToken client = engine.client(exchange, events);
        client.resume(session);
        ScopedSession scoped = engine.session(events, client);
        try {
            scoped.load();
            requireLive(scoped);
            scoped.releaseHead();
            R result = work.apply(engine.handlerSession(scoped));
            scoped.commit(CommitPoint.HEAD);
            return result;
        } catch (RuntimeException | Error e) {
            scoped.abandon();
            throw e;
        } finally {
            scoped.close();
            events.deliver();
        }
    }

    private static void requireLive(ScopedSession session) {
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
