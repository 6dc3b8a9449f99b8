package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import org.jspecify.annotations.Nullable;

/**
 * One request's loads and saves, with the session's lease if the request wants it: from the first use of the session to the
 * response's head. Every load and save of a request passes here, with or without a lease.
 *
 * <p>A save that succeeds releases the lease in the same write. If the save fails, a separate write releases it; if that fails
 * too, the end of the request tries once more, so that no request waits for a lease whose holder is done.
 */
final class RequestLease {
    private final LeaseManager leases;
    private final SessionRecords records;
    private final EventBuffer events;
    private boolean wanted;
    private AccessKind access = AccessKind.USE;
    private LeaseManager.@Nullable Held held;
    /** The record whose lease the store did not release. */
    private @Nullable RecordSnapshot unreleased;

    RequestLease(LeaseManager leases, SessionRecords records, EventBuffer events) {
        this.leases = leases;
        this.records = records;
        this.events = events;
    }

    /** Makes this request take the lease, whatever its path is. */
    void want() {
        wanted = true;
    }

    /** Sets whether what this request writes counts as use of the session. */
    void setAccess(AccessKind kind) {
        access = kind;
    }

    AccessKind access() {
        return access;
    }

    boolean isHeld() {
        return held != null;
    }

    /** Loads a session, and takes its lease if this request wants it. */
    StoredState load(StoreKey key, ClientToken client) {
        if (client.isQuiet()) {
            access = AccessKind.QUIET;
        }
        return wanted || client.isCoveredBy(leases) ? take(key) : records.load(key, events);
    }

    /** Waits for the session's lease, takes it and loads the session. */
    StoredState take(StoreKey key) {
        LeaseManager.Taken taken = leases.load(key, access, events);
        held = taken.held();
        return taken.found();
    }

    /** Throws if this request's lease has run out and another request took it, so that what this one read is outdated. */
    void check(SessionRecord record) {
        if (held != null) {
            LeaseManager.checkHeld(record, held.holder());
        }
    }

    /** Saves changes; at the head the same write releases the lease. */
    CommitOutcome save(Commit commit, CommitPoint point) {
        return held == null
                ? records.replace(commit, events)
                : records.replaceLeased(commit, held.holder(), point, events);
    }

    /**
     * Releases the lease if no write has done so yet, and lets the next request of this process try in any case.
     *
     * @param last the session as this request saw it last; null if there is none to release
     * @return the record without the lease; null if it was not written
     */
    @Nullable
    RecordSnapshot release(@Nullable RecordSnapshot last) {
        LeaseManager.Held mine = held;
        if (mine == null) {
            return null;
        }
        try {
            RecordSnapshot written = last == null
                    ? null
                    : records.releaseLease(last, mine.holder(), access, events).orElse(null);
            held = null;
            return written;
        } catch (SessionUnavailableException e) {
            unreleased = last;
            return null;
        } finally {
            mine.leaveQueue();
        }
    }

    /**
     * Releases the lease at the end of the request.
     *
     * @param last the session as this request saw it last, or null
     */
    void end(@Nullable RecordSnapshot last) {
        release(last != null ? last : unreleased);
        held = null;
    }
}
