package dev.sojourn.engine;

import dev.sojourn.engine.CommitPlan.Intent;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionRecord.Remember;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the record that a session goes on with under a new id.
 *
 * @param idChange what the handler wants done with the id
 * @param lease this request's lease, if it has one
 * @param log the request's changes
 */
record RecordSuccessor(PendingIdChange idChange, RequestLease lease, List<AttributeChange> log) {
    /** Returns the successor of a record. Can be called again on a newer version of it. */
    SessionRecord of(RecordSnapshot old) {
        SessionRecord next = applyChanges(old.record());
        boolean sameUser =
                next.subject() != null && next.subject().equals(old.record().subject());
        return next.withFormerPublicIds(
                sameUser ? prepend(SessionIds.publicId(old.key()), old.record().formerPublicIds()) : List.of());
    }

    private SessionRecord applyChanges(SessionRecord old) {
        lease.check(old);
        if (idChange.startsEmpty()) {
            return RecordDraft.apply(idChange.blankRecord(), log);
        }
        SessionRecord free = old.withLease(null);
        return RecordDraft.apply(
                idChange.intent() == Intent.LOGIN ? signedIn(free) : SignInRules.withoutElevations(free), log);
    }

    private SessionRecord signedIn(SessionRecord record) {
        return idChange.signIn(record).withRemember(Remember.afterSignIn(record.remember()));
    }

    private static List<String> prepend(String latest, List<String> earlier) {
        List<String> publicIds = new ArrayList<>(earlier.size() + 1);
        publicIds.add(latest);
        publicIds.addAll(earlier);
        return publicIds;
    }
}
