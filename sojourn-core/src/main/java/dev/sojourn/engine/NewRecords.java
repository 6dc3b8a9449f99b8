package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Records under a new id: a session's first one, and the one that takes another's place after a login, a new id or a
 * new beginning. Tells the listener of them.
 */
final class NewRecords {
    private final EngineSettings settings;
    private final Vault vault;
    private final Turn turn;
    private final Events events;
    private final NewId newId;

    NewRecords(EngineSettings settings, Vault vault, Turn turn, Events events, NewId newId) {
        this.settings = settings;
        this.vault = vault;
        this.turn = turn;
        this.events = events;
        this.newId = newId;
    }

    /** What became of a record that was to get a new id. */
    sealed interface Result {}

    /**
     * A record that the session goes on from.
     *
     * @param id its id
     * @param snapshot what is stored
     */
    record Begun(String id, Snapshot snapshot) implements Result {
        /** Never shows the id. */
        @Override
        public String toString() {
            return "Begun[" + Ids.handle(snapshot.key()) + "]";
        }
    }

    /** The old record was not there any more to take the place of. */
    enum Lost implements Result {
        /** It has another id by now. */
        SUPERSEDED,
        /** It has ended. */
        ENDED
    }

    /** A first record, with these changes in it. */
    Begun create(List<Change> log) {
        return store(Draft.applied(blank(), log));
    }

    private SessionRecord blank() {
        return SessionRecord.live(newId.begun(), newId.subject());
    }

    private Begun store(SessionRecord record) {
        Vault.Created created = vault.create(record, newId.draw(), events);
        SessionInfo info = info(created.snapshot());
        events.add(heard -> heard.created(info));
        tellSignedIn(info);
        return new Begun(created.id(), created.snapshot());
    }

    /** A record in another one's place, with these changes in it. */
    Result move(Snapshot old, List<Change> log) {
        Vault.Moved moved =
                vault.move(old, newId.draw(), record -> successor(old.key(), record, log), newId.ifLost(), events);
        if (moved instanceof Vault.Moved.To to) {
            tellMoved(old, to.snapshot());
            return new Begun(to.id(), to.snapshot());
        }
        if (newId.intent() == Intent.LOGIN) {
            return beginAfresh(log);
        }
        return moved instanceof Vault.Moved.Superseded ? Lost.SUPERSEDED : Lost.ENDED;
    }

    private SessionRecord successor(StoreKey key, SessionRecord old, List<Change> log) {
        SessionRecord next = successor(old, log);
        boolean sameUser = next.subject() != null && next.subject().equals(old.subject());
        return next.withFormerHandles(sameUser ? oneMore(Ids.handle(key), old.formerHandles()) : List.of());
    }

    private static List<String> oneMore(String latest, List<String> others) {
        List<String> handles = new ArrayList<>(others.size() + 1);
        handles.add(latest);
        handles.addAll(others);
        return handles;
    }

    private SessionRecord successor(SessionRecord old, List<Change> log) {
        turn.check(old);
        if (newId.startsEmpty()) {
            return Draft.applied(blank(), log);
        }
        boolean signsIn = newId.intent() == Intent.LOGIN;
        SessionRecord free = old.leased(null);
        return Draft.applied(signsIn ? free.ownedBy(newId.subject(), newId.begun()) : free, log);
    }

    private void tellMoved(Snapshot old, Snapshot next) {
        String former = Ids.handle(old.key());
        SessionInfo was = info(old);
        SessionInfo info = info(next);
        if (newId.startsEmpty()) {
            events.add(heard -> heard.destroyed(was, DestroyReason.REPLACED));
        }
        events.add(heard -> heard.idChanged(info, former));
        tellSignedIn(info);
    }

    private void tellSignedIn(SessionInfo info) {
        if (newId.intent() == Intent.LOGIN) {
            events.add(heard -> heard.signedIn(info));
        }
    }

    /**
     * The session was ended or given a new id elsewhere, yet this request has just checked credentials: it gets a fresh
     * session with what was set since, and nothing of the old one.
     */
    private Begun beginAfresh(List<Change> log) {
        List<Change> own = log.subList(newId.checkedAt(), log.size()).stream()
                .filter(change -> !(change instanceof Change.Rewrite))
                .toList();
        newId.drawAnother();
        return store(Draft.applied(blank(), own));
    }

    private SessionInfo info(Snapshot snapshot) {
        return settings.deadlines.info(
                snapshot.key(), snapshot.record(), snapshot.stored().expiresAt());
    }
}
