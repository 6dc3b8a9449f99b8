package dev.sojourn.engine;

import dev.sojourn.Session;
import dev.sojourn.SessionInfo;
import dev.sojourn.engine.LiveSession.Answer;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionScope;
import org.jspecify.annotations.Nullable;

/**
 * The scope of one request: when what happens, in the order of the design's eight steps. A request whose handler never
 * asks for its session costs this one object.
 */
final class RequestScope implements SessionScope {
    private final Engine engine;
    private final Exchange exchange;
    private @Nullable Asked asked;
    private boolean committed;
    private boolean closed;

    /** What is needed once somebody has asked for the session. */
    private record Asked(Client client, Events events, LiveSession session) {}

    RequestScope(Engine engine, Exchange exchange) {
        this.engine = engine;
        this.exchange = exchange;
    }

    private Asked ask() {
        if (asked == null) {
            Events events = engine.events();
            Client client = engine.client(exchange, events);
            asked = new Asked(client, events, engine.session(events, client));
            if (committed) {
                asked.session().headIsGone();
            }
            if (closed) {
                asked.session().close();
            }
        }
        return asked;
    }

    @Override
    public Session session() {
        return ask().session();
    }

    @Override
    public void load() {
        ask().session().load();
    }

    @Override
    public void commit() {
        if (committed) {
            saveLateChanges();
            return;
        }
        committed = true;
        if (engine.loadsEverySession()) {
            load();
        }
        if (asked == null) {
            return;
        }
        LiveSession session = asked.session();
        if (!session.isUntouched()) {
            settle(session);
        }
        answerHeaders();
    }

    private static void settle(LiveSession session) {
        try {
            session.settle(true);
        } catch (RuntimeException | Error e) {
            // The client is about to hear that nothing was saved, so nothing is saved later either.
            session.abandon();
            throw e;
        }
    }

    @Override
    public void answerHeaders() {
        if (asked == null) {
            return;
        }
        LiveSession session = asked.session();
        session.headIsGone();
        if (session.isUntouched()) {
            return;
        }
        Client client = asked.client();
        client.vary();
        Answer answer = session.answerAtHead();
        if (answer == Answer.GIVE || answer == Answer.REPEAT) {
            client.give(session.token(), session.terms());
        } else if (answer == Answer.TAKE_AWAY) {
            client.takeAway(session.termsOfTaken());
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
        LiveSession session = asked.session();
        session.headIsGone();
        saveLateChanges();
        // Of an untouched session too: a store that could not load it is news, and nobody may begin to use it now.
        asked.events().tell();
        session.close();
        if (session.storedNewRecord()) {
            engine.storedNewRecord();
        }
    }

    private void saveLateChanges() {
        if (asked == null || asked.session().isUntouched()) {
            return;
        }
        LiveSession session = asked.session();
        try {
            session.settle(false);
        } catch (RuntimeException e) {
            SessionInfo info = session.info();
            asked.events().add(heard -> heard.lateChangeLost(info, e));
            session.abandon();
        }
    }
}
