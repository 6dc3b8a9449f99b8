package dev.sojourn.engine;

import dev.sojourn.Session;
import dev.sojourn.SessionInfo;
import dev.sojourn.engine.LiveSession.Answer;
import dev.sojourn.spi.SessionScope;

/** The scope of one request: when what happens, in the order of the design's eight steps. */
final class RequestScope implements SessionScope {
    private final Engine engine;
    private final Client client;
    private final Events events;
    private final LiveSession session;
    private boolean committed;
    private boolean closed;

    RequestScope(Engine engine, Client client, Events events, LiveSession session) {
        this.engine = engine;
        this.client = client;
        this.events = events;
        this.session = session;
    }

    @Override
    public Session session() {
        return session;
    }

    @Override
    public void load() {
        session.load();
    }

    @Override
    public void commit() {
        if (committed) {
            saveLateChanges();
            return;
        }
        committed = true;
        if (engine.loadsEverySession()) {
            session.load();
        }
        if (session.isUntouched()) {
            session.headIsGone();
            return;
        }
        try {
            session.settle(true);
        } catch (RuntimeException | Error e) {
            // The client is about to hear that nothing was saved, so nothing is saved later either.
            session.abandon();
            throw e;
        }
        answerHeaders();
    }

    @Override
    public void answerHeaders() {
        session.headIsGone();
        if (session.isUntouched()) {
            return;
        }
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
        session.headIsGone();
        saveLateChanges();
        // Of an untouched session too: a store that could not load it is news, and nobody may begin to use it now.
        events.tell();
        session.close();
        if (session.storedNewRecord()) {
            engine.storedNewRecord();
        }
    }

    private void saveLateChanges() {
        if (session.isUntouched()) {
            return;
        }
        try {
            session.settle(false);
        } catch (RuntimeException e) {
            SessionInfo info = session.info();
            events.add(heard -> heard.lateChangeLost(info, e));
            session.abandon();
        }
    }
}
