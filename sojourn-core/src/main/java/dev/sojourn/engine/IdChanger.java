package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SignInFacts;
import java.util.List;

/**
 * Stores sessions under a new id: a session's first record, and the successor of a record after a login, a change of the id
 * or a new beginning. Reports them to the listener.
 */
final class IdChanger {
    private final EngineSettings settings;
    private final SessionRecords records;
    private final RequestLease lease;
    private final EventBuffer events;
    private final PendingIdChange idChange;
    private final RememberEnd rememberEnd;

    IdChanger(
            EngineSettings settings,
            SessionRecords records,
            RequestLease lease,
            EventBuffer events,
            PendingIdChange idChange,
            RememberEnd rememberEnd) {
        this.settings = settings;
        this.records = records;
        this.lease = lease;
        this.events = events;
        this.idChange = idChange;
        this.rememberEnd = rememberEnd;
    }

    /** Stores a first record with these changes. */
    CommitOutcome.Created create(List<AttributeChange> log) {
        return store(RecordDraft.apply(idChange.blankRecord(), withoutRewrites(log)));
    }

    /** Omits values that were read from another session and changed in place: nothing of it may be in a new one. */
    static List<AttributeChange> withoutRewrites(List<AttributeChange> log) {
        return log.stream()
                .filter(change -> !(change instanceof AttributeChange.Rewrite))
                .toList();
    }

    /**
     * Stores the successor of a record, with these changes, and retires the record.
     *
     * @return the new record, or why there is none: {@link CommitOutcome.IdChanged} with the record that was retired,
     *     {@link CommitOutcome.Created} if the session begins anew, or {@link CommitOutcome.NotLive}
     */
    CommitOutcome changeId(RecordSnapshot old, List<AttributeChange> log) {
        RecordSuccessor successor = new RecordSuccessor(idChange, lease, log);
        CommitOutcome outcome = records.changeId(old, successor, events);
        if (outcome instanceof CommitOutcome.IdChanged moved) {
            reportIdChange(old, moved.created().snapshot());
            return moved;
        }
        if (outcome instanceof CommitOutcome.Created created) {
            // Another request ended or moved the old session, and reported that itself.
            endMoved(old, created);
            reportCreation(created);
            return created;
        }
        return idChange.intent() == Intent.LOGIN ? createAfterLoss(log) : outcome;
    }

    /**
     * Ends what another request has moved a session to, from which its user has signed in anew: the limit counts the two as
     * one, since the new session was to replace the old one.
     */
    private void endMoved(RecordSnapshot old, CommitOutcome.Created created) {
        String user = idChange.subject();
        if (idChange.limit() == null
                || user == null
                || !user.equals(old.record().subject())) {
            return;
        }
        try {
            rememberEnd.endSession(
                    old,
                    (key, stored) -> user.equals(stored.subject()),
                    removed -> removed.report(settings, DestroyReason.REPLACED, events),
                    events);
        } catch (RuntimeException | Error e) {
            records.removeUnpublished(created.snapshot(), events);
            throw e;
        }
    }

    /**
     * The session was ended or given a new id by another request, but this one has just checked credentials: it gets a fresh
     * session with what was set since then, and nothing of the old one.
     */
    private CommitOutcome.Created createAfterLoss(List<AttributeChange> log) {
        List<AttributeChange> sinceLogin = withoutRewrites(log.subList(idChange.changesBeforeLogin(), log.size()));
        idChange.replaceNextId();
        return store(RecordDraft.apply(idChange.blankRecord(), sinceLogin));
    }

    private CommitOutcome.Created store(SessionRecord record) {
        CommitOutcome.Created created = records.create(record, idChange, events);
        reportCreation(created);
        return created;
    }

    private void reportCreation(CommitOutcome.Created created) {
        SessionInfo info = info(created.snapshot());
        events.add(listener -> listener.onCreated(info));
        reportSignIn(info);
    }

    private void reportIdChange(RecordSnapshot old, RecordSnapshot next) {
        String formerPublicId = SessionIds.publicId(old.key());
        SessionInfo former = info(old);
        SessionInfo info = info(next);
        if (idChange.startsEmpty()) {
            events.add(listener -> listener.onDestroyed(former, DestroyReason.REPLACED));
        }
        events.add(listener -> listener.onIdChanged(info, formerPublicId));
        reportSignIn(info);
    }

    private void reportSignIn(SessionInfo info) {
        if (idChange.intent() != Intent.LOGIN) {
            return;
        }
        SignInFacts signIn = idChange.signIn();
        String actingBy = signIn == null ? null : signIn.actingBy();
        if (actingBy == null) {
            events.add(listener -> listener.onSignedIn(info));
        } else {
            events.add(listener -> listener.onActingAs(info, actingBy));
        }
    }

    private SessionInfo info(RecordSnapshot snapshot) {
        return settings.deadlines.info(
                snapshot.key(), snapshot.record(), snapshot.stored().expiresAt());
    }
}
