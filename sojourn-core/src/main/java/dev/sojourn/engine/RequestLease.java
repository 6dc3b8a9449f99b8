package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import org.jspecify.annotations.Nullable;

/**
 * One request's turn to have its session to itself, if it wants one: from the session's first use to the response's
 * head. A save that succeeds gives the session back in the same write. After one that failed it is given back by itself,
 * and where the store did not take that either, once more at the end of the request: nobody is to wait for a lease to
 * run out whose holder is done.
 */
final class RequestLease {
    private final LeaseManager exclusive;
    private final SessionRecords vault;
    private final EventBuffer events;
    private boolean wanted;
    private LeaseManager.@Nullable Held held;
    /** What the store did not take back. */
    private @Nullable RecordSnapshot unreturned;

    RequestLease(LeaseManager exclusive, SessionRecords vault, EventBuffer events) {
        this.exclusive = exclusive;
        this.vault = vault;
        this.events = events;
    }

    /** This request has asked for it, whatever its path. */
    void want() {
        wanted = true;
    }

    boolean isHeld() {
        return held != null;
    }

    /** Loads a session, which is this request's alone from then on if that was asked for. */
    StoredState load(StoreKey key, ClientToken client) {
        return wanted || client.goesTo(exclusive) ? take(key) : vault.load(key, events);
    }

    /** Waits until the session is this request's alone, and loads it. */
    StoredState take(StoreKey key) {
        LeaseManager.Taken taken = exclusive.load(key, events);
        held = taken.held();
        return taken.found();
    }

    /** Throws if this request had the session to itself for too long, so that what it read is not what stands there. */
    void check(SessionRecord record) {
        if (held != null) {
            SessionRecords.checkHeld(record, held.holder());
        }
    }

    /** Saves changes, and at the head gives the session back with them. */
    Commit.Result save(Commit commit, boolean atHead) {
        return held == null
                ? vault.replace(commit, events)
                : vault.replaceHeld(commit, held.holder(), record -> atHead ? record.leased(null) : record, events);
    }

    /**
     * Gives the session back if no write has done so yet, and lets the next request of this process try in any case.
     *
     * @param last the session as this request saw it last; null if there is none to give back
     * @return the record without the lease; null if it was not written
     */
    @Nullable
    RecordSnapshot giveBack(@Nullable RecordSnapshot last) {
        LeaseManager.Held mine = held;
        if (mine == null) {
            return null;
        }
        try {
            RecordSnapshot written = last == null ? null : vault.giveBack(last, mine.holder(), events);
            held = null;
            return written;
        } catch (SessionUnavailableException e) {
            unreturned = last;
            return null;
        } finally {
            mine.leave();
        }
    }

    /**
     * The request has ended.
     *
     * @param last the session as this request saw it last, or null
     */
    void end(@Nullable RecordSnapshot last) {
        giveBack(last != null ? last : unreturned);
        held = null;
    }
}
