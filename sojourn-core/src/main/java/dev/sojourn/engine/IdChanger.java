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
final class IdChanger {
    private final EngineSettings settings;
    private final SessionRecords vault;
    private final RequestLease turn;
    private final EventBuffer events;
    private final PendingIdChange newId;

    IdChanger(
            EngineSettings settings,
            SessionRecords vault,
            RequestLease turn,
            EventBuffer events,
            PendingIdChange newId) {
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
    record Begun(String id, RecordSnapshot snapshot) implements Result {
        /** Never shows the id. */
        @Override
        public String toString() {
            return "Begun[" + SessionIds.handle(snapshot.key()) + "]";
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
    Begun create(List<AttributeChange> log) {
        return store(RecordDraft.applied(blank(), log));
    }

    private SessionRecord blank() {
        return SessionRecord.live(newId.begun(), newId.subject());
    }

    private Begun store(SessionRecord record) {
        SessionRecords.Created created = vault.create(record, newId.draw(), events);
        SessionInfo info = info(created.snapshot());
        events.add(heard -> heard.onCreated(info));
        tellSignedIn(info);
        return new Begun(created.id(), created.snapshot());
    }

    /** A record in another one's place, with these changes in it. */
    Result move(RecordSnapshot old, List<AttributeChange> log) {
        SessionRecords.Moved moved =
                vault.move(old, newId.draw(), record -> successor(old.key(), record, log), newId.ifLost(), events);
        if (moved instanceof SessionRecords.Moved.To to) {
            tellMoved(old, to.snapshot());
            return new Begun(to.id(), to.snapshot());
        }
        if (newId.intent() == Intent.LOGIN) {
            return beginAfresh(log);
        }
        return moved instanceof SessionRecords.Moved.Superseded ? Lost.SUPERSEDED : Lost.ENDED;
    }

    private SessionRecord successor(StoreKey key, SessionRecord old, List<AttributeChange> log) {
        SessionRecord next = successor(old, log);
        boolean sameUser = next.subject() != null && next.subject().equals(old.subject());
        return next.withFormerHandles(sameUser ? oneMore(SessionIds.handle(key), old.formerHandles()) : List.of());
    }

    private static List<String> oneMore(String latest, List<String> others) {
        List<String> handles = new ArrayList<>(others.size() + 1);
        handles.add(latest);
        handles.addAll(others);
        return handles;
    }

    private SessionRecord successor(SessionRecord old, List<AttributeChange> log) {
        turn.check(old);
        if (newId.startsEmpty()) {
            return RecordDraft.applied(blank(), log);
        }
        boolean signsIn = newId.intent() == Intent.LOGIN;
        SessionRecord free = old.leased(null);
        return RecordDraft.applied(signsIn ? free.ownedBy(newId.subject(), newId.begun()) : free, log);
    }

    private void tellMoved(RecordSnapshot old, RecordSnapshot next) {
        String former = SessionIds.handle(old.key());
        SessionInfo was = info(old);
        SessionInfo info = info(next);
        if (newId.startsEmpty()) {
            events.add(heard -> heard.onDestroyed(was, DestroyReason.REPLACED));
        }
        events.add(heard -> heard.onIdChanged(info, former));
        tellSignedIn(info);
    }

    private void tellSignedIn(SessionInfo info) {
        if (newId.intent() == Intent.LOGIN) {
            events.add(heard -> heard.onSignedIn(info));
        }
    }

    /**
     * The session was ended or given a new id elsewhere, yet this request has just checked credentials: it gets a fresh
     * session with what was set since, and nothing of the old one.
     */
    private Begun beginAfresh(List<AttributeChange> log) {
        List<AttributeChange> own = log.subList(newId.checkedAt(), log.size()).stream()
                .filter(change -> !(change instanceof AttributeChange.Rewrite))
                .toList();
        newId.drawAnother();
        return store(RecordDraft.applied(blank(), own));
    }

    private SessionInfo info(RecordSnapshot snapshot) {
        return settings.deadlines.info(
                snapshot.key(), snapshot.record(), snapshot.stored().expiresAt());
    }
}
