package dev.sojourn.engine;

import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionRecord.Generation;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes one record, once: with its times, within its size limit, and with its entry in the user index. */
final class RecordWriter {
    private static final int NEW_ID_TRIES = 3;

    private final ConfirmingStore store;
    private final RecordFormat format;
    private final Deadlines deadlines;
    private final RecordSizeLimit sizes;
    private final Clock clock;
    private final Supplier<String> ids;
    private final UserIndexProtocol userIndex;
    private final RetryPacer pacer;
    private final boolean hasRefreshTokens;
    /** Whether a session has a generation from its beginning. */
    private final boolean hasGenerations;

    RecordWriter(EngineSettings settings, ConfirmingStore store, UserIndexProtocol userIndex, RetryPacer pacer) {
        this.store = store;
        this.format = settings.recordFormat;
        this.deadlines = settings.deadlines;
        this.sizes = new RecordSizeLimit(
                settings.recordFormat, settings.limits.maxSessionBytes(), settings.limits.maxAttributes());
        this.clock = settings.clock;
        this.ids = settings.ids;
        this.userIndex = userIndex;
        this.pacer = pacer;
        this.hasRefreshTokens = settings.families != null;
        this.hasGenerations = hasRefreshTokens || settings.renewal.isOn();
    }

    // ---- over a stored record

    /** Returns a record as it is to be written over another one now. */
    RecordSnapshot next(RecordSnapshot before, SessionRecord record) {
        return next(before, record, AccessKind.USE);
    }

    /** Returns a record as it is to be written over another one now, which counts as use of the session or not. */
    RecordSnapshot next(RecordSnapshot before, SessionRecord record, AccessKind access) {
        Instant lastAccess = deadlines.lastAccess(before.stored().expiresAt(), before.record());
        Instant used = access == AccessKind.QUIET ? lastAccess : clock.instant();
        return encode(before.key(), record, lastAccess, used);
    }

    private RecordSnapshot encode(StoreKey key, SessionRecord record, @Nullable Instant lastAccess, Instant used) {
        SessionRecord stamped = deadlines.stamp(record, used);
        Instant expiry = deadlines.expiry(stamped, lastAccess, used);
        return new RecordSnapshot(key, format.write(stamped, expiry), stamped);
    }

    /** Throws if a record may not be written over another one because of its size; else returns it. */
    SessionRecord check(SessionRecord before, SessionRecord next) {
        sizes.checkAdded(before, next);
        sizes.check(next, clock.instant());
        return next;
    }

    /** Whether a write would change nothing, and its touch is not due or not wanted either. */
    boolean isUnchanged(SessionRecord record, RecordSnapshot base, AccessKind access) {
        if (!hasSameContent(record, base.record())) {
            return false;
        }
        return access == AccessKind.QUIET
                || !deadlines.touchDue(base.stored().expiresAt(), base.record(), clock.instant());
    }

    private static boolean hasSameContent(SessionRecord one, SessionRecord other) {
        return one.attributes().sameAs(other.attributes())
                && one.settings().equals(other.settings())
                && Objects.equals(one.signIn(), other.signIn())
                && Objects.equals(one.remember(), other.remember())
                && Objects.equals(one.generation(), other.generation());
    }

    /** Writes a record over another one. A session that lasts longer after that keeps its user-index entry as long. */
    Outcome replace(RecordSnapshot before, RecordSnapshot next, EventBuffer events) {
        userIndex.renew(before, next.record(), next.stored().expiresAt(), clock.instant(), events);
        return store.compareAndSet(before.key(), before.version(), next.stored(), events);
    }

    /** Extends the idle timeout; null if another request wrote or the store did not respond: neither matters. */
    @Nullable
    RecordSnapshot touch(RecordSnapshot before, EventBuffer events) {
        StoredSession stored = before.stored();
        Instant expiry = deadlines.expiry(
                before.record(), deadlines.lastAccess(stored.expiresAt(), before.record()), clock.instant());
        StoredSession touched =
                new StoredSession(stored.payload(), format.touchedVersion(stored), expiry, stored.subject());
        try {
            userIndex.renew(before, before.record(), touched.expiresAt(), clock.instant(), events);
        } catch (SessionUnavailableException e) {
            return null;
        }
        return store.touch(before.key(), stored.version(), touched, events)
                ? new RecordSnapshot(before.key(), touched, before.record())
                : null;
    }

    // ---- under a new id

    /** Stores a record under a new id: the given one, or another one if that is taken, or if it is unknown whether it is. */
    CommitOutcome.Created create(SessionRecord record, String firstId, EventBuffer events) {
        SessionRecord complete = withTimeouts(record);
        sizes.check(complete, clock.instant());
        String id = firstId;
        for (int tries = 0; tries < NEW_ID_TRIES; tries++) {
            RecordSnapshot snapshot =
                    encode(format.keyOf(id), complete.withGeneration(firstGeneration(complete)), null, clock.instant());
            if (tryCreate(snapshot, events)) {
                return new CommitOutcome.Created(id, snapshot);
            }
            id = ids.get();
        }
        throw new SessionUnavailableException(
                Reason.STORE_UNAVAILABLE,
                "no new session could be stored under " + NEW_ID_TRIES + " different ids: does genid repeat itself?",
                null);
    }

    /** Returns the generation with which a session whose token is replaced, or a remembered browser, begins; null for all others. */
    private @Nullable Generation firstGeneration(SessionRecord record) {
        if (RememberSettings.isBrowser(record)) {
            return record.generation();
        }
        return hasGenerations ? Generation.first(clock.instant()) : null;
    }

    /**
     * Returns a record that contains its timeouts if the session has refresh tokens: {@code Sessions} may share the store and
     * has shorter ones. Returns any other record unchanged.
     */
    private SessionRecord withTimeouts(SessionRecord record) {
        if (!hasRefreshTokens) {
            return record;
        }
        SessionSettings settings = record.settings();
        return record.withSettings(
                settings.withIdleTimeout(deadlines.idle(settings)).withAbsoluteTimeout(deadlines.absolute(settings)));
    }

    /** False if the id is taken or the outcome is unknown, so that another one has to be tried. */
    private boolean tryCreate(RecordSnapshot snapshot, EventBuffer events) {
        UserIndexProtocol.Entered entered = userIndex.enter(snapshot.key(), snapshot.record(), clock.instant(), events);
        boolean created = store.create(snapshot.key(), snapshot.stored(), events);
        if (created && entered != null) {
            try {
                entered.confirm(clock::instant, events);
            } catch (RuntimeException | Error e) {
                removeUnpublished(snapshot, events);
                throw e;
            }
        }
        return created;
    }

    /** Removes a record whose id no client received. */
    void removeUnpublished(RecordSnapshot unpublished, EventBuffer events) {
        if (store.remove(unpublished, events)) {
            userIndex.leave(unpublished.record().subject(), unpublished.key(), events);
        }
    }

    /** Writes what has changed since over a record whose id no client has received. */
    CommitOutcome.Created update(CommitOutcome.Created created, SessionRecord record, EventBuffer events) {
        RecordSnapshot stale = created.snapshot();
        SessionRecord complete =
                withTimeouts(record).withGeneration(stale.record().generation());
        if (hasSameContent(complete, stale.record())) {
            return created;
        }
        sizes.check(complete, clock.instant());
        RecordSnapshot fresh = next(stale, Permit.carry(stale.record(), complete));
        if (!(replace(stale, fresh, events) instanceof Outcome.Lost lost)) {
            return new CommitOutcome.Created(created.id(), fresh);
        }
        if (lost.current().isEmpty()) {
            // Only an end of all of its user's sessions finds a record that no client knows.
            throw new SessionEndedException();
        }
        throw ConfirmingStore.outcomeUnknown(
                "another writer has changed a new session whose id no client knows yet", null);
    }

    /** Retires a record in favour of its successor, or deletes it where the format has no retired records. */
    Outcome retire(RecordSnapshot old, StoreKey successor, EventBuffer events) {
        if (!format.canRetire()) {
            Deadline deadline = Deadline.after(SessionRecords.COMMIT_TIMEOUT, pacer::nanoTime);
            return store.delete(old.key(), old.version(), 1, deadline, events);
        }
        StoredSession retired =
                format.write(old.record().toRetired(successor), clock.instant().plus(Deadlines.RETIRED_RETENTION));
        return store.compareAndSet(old.key(), old.version(), retired, events);
    }
}
