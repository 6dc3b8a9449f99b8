package dev.sojourn.engine;

import dev.sojourn.DetachedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionSupersededException;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import java.util.function.Function;

/** A session by its id, after the request that it came with. Each use is a small request without a head. */
final class DetachedSessionImpl implements DetachedSession {
    private final Engine engine;
    private final SessionRecords records;
    private final RecordFormat recordFormat;
    private final DetachedExchange exchange;
    private final String id;
    private final Runnable beforeBlocking;

    DetachedSessionImpl(
            Engine engine,
            SessionRecords records,
            RecordFormat recordFormat,
            DetachedExchange exchange,
            String id,
            Runnable beforeBlocking) {
        this.engine = engine;
        this.records = records;
        this.recordFormat = recordFormat;
        this.exchange = exchange;
        this.id = id;
        this.beforeBlocking = beforeBlocking;
    }

    private StoreKey key() {
        return recordFormat.keyOf(id);
    }

    @Override
    public String publicId() {
        return SessionIds.publicId(key());
    }

    @Override
    public boolean isAlive() {
        beforeBlocking.run();
        EventBuffer events = engine.events();
        try {
            return records.load(key(), events) instanceof StoredState.Live;
        } finally {
            events.deliver();
        }
    }

    @Override
    public <R> R use(Function<Session, R> work) {
        beforeBlocking.run();
        EventBuffer events = engine.events();
        ClientToken client = engine.client(exchange, events);
        client.replaceToken(new VerifiedId(id, false));
        ScopedSession session = engine.session(events, client);
        try {
            session.load();
            requireLive(session);
            session.releaseHead();
            R result = work.apply(engine.handlerSession(session));
            session.commit(CommitPoint.HEAD);
            return result;
        } catch (RuntimeException | Error e) {
            session.abandon();
            throw e;
        } finally {
            session.close();
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
