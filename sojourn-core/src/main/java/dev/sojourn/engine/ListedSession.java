package dev.sojourn.engine;

import dev.sojourn.UserSession;
import dev.sojourn.spi.SessionRecord;
import java.time.Instant;
import java.util.Objects;

/** Presents a record in a list of where its user is signed in. */
final class ListedSession {
    private ListedSession() {}

    static UserSession of(RecordSnapshot snapshot, EngineSettings settings, boolean current) {
        SessionRecord record = snapshot.record();
        return new UserSession(
                SessionIds.publicId(snapshot.key()),
                record.createdAt(),
                lastAccess(snapshot, settings),
                settings.deadlines.end(snapshot.stored().expiresAt(), record),
                current,
                Objects.requireNonNull(SignInRules.signIn(record), "a listed session belongs to a user"),
                record.device(),
                record.signIn() == null ? null : record.signIn().actingBy(),
                RememberSettings.isBrowser(record));
    }

    /**
     * Never before the session's beginning: in a store that is shared, another engine may have written the record, with a
     * shorter idle timeout that the record does not contain.
     */
    private static Instant lastAccess(RecordSnapshot snapshot, EngineSettings settings) {
        SessionRecord record = snapshot.record();
        Instant last = settings.deadlines.lastAccess(snapshot.stored().expiresAt(), record, settings.clock.instant());
        return last.isBefore(record.createdAt()) ? record.createdAt() : last;
    }
}
