package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import org.jspecify.annotations.Nullable;

/**
 * One request's lease of its session, if it wants one: from the session's first use to the response's head. A save that
 * succeeds releases the lease in the same write. After one that failed a write of its own releases it, and if the store does
 * not take that either, one more at the end of the request: no request is to wait for the timeout of a lease whose holder is
 * done.
 */
final class RequestLease {
    private final LeaseManager leases;
    private final SessionRecords records;
    private final EventBuffer events;
    private boolean wanted;
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

    boolean isHeld() {
        return held != null;
    }

    /** Loads a session, and takes its lease if this request wants it. */
    StoredState load(StoreKey key, ClientToken client) {
        return wanted || client.isCoveredBy(leases) ? take(key) : records.load(key, events);
    }

    /** Waits for the session's lease, takes it and loads the session. */
    StoredState take(StoreKey key) {
        LeaseManager.Taken taken = leases.load(key, events);
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
                    : records.releaseLease(last, mine.holder(), events).orElse(null);
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
