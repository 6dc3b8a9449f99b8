package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionRecord.Lease;
import dev.sojourn.spi.StoreKey;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Lets one request at a time use a session, so that even reading and then setting loses nothing.
 *
 * <p><b>The lease</b> is part of the session's own record: taken by a compare-and-set at the session's first use, released
 * by the compare-and-set that commits. Another request that wants it waits: first for the requests of its own process, in
 * order and only a few of them, then for other nodes, loading the record again with growing pauses. The lease of a holder
 * that dies runs out. Nothing is leased while there is no record; two first requests of a client create two sessions.
 *
 * <p>A wrong clock may give two requests the lease, one after the other; the version in the store still lets only the later
 * one commit.
 */
final class LeaseManager {
    private static final int HOLDER_BYTES = 12;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private final SessionRecords records;
    private final Clock clock;
    private final RetryPacer pacer;
    private final LeaseRules rules;
    private final LeaseQueue queue;

    LeaseManager(SessionRecords records, Clock clock, RetryPacer pacer, LeaseRules rules) {
        this.records = records;
        this.clock = clock;
        this.pacer = pacer;
        this.rules = rules;
        this.queue = new LeaseQueue(rules.maxWaiting());
    }

    boolean covers(Exchange exchange) {
        return rules.covers(exchange);
    }

    /**
     * The result of taking a lease.
     *
     * @param found what is stored under the key
     * @param held the lease; null if there is no live session to lease
     */
    record Taken(StoredState found, @Nullable Held held) {}

    /** A lease that a request holds. */
    final class Held {
        private final StoreKey key;
        private final String holder;
        private boolean left;

        private Held(StoreKey key, String holder) {
            this.key = key;
            this.holder = holder;
        }

        String holder() {
            return holder;
        }

        /** Lets the next request of this process try. */
        void leaveQueue() {
            if (!left) {
                left = true;
                queue.leave(key);
            }
        }
    }

    /** Loads a session and takes its lease. */
    Taken load(StoreKey key, AccessKind access, EventBuffer events) {
        Deadline deadline = Deadline.after(rules.waitTimeout(), pacer::nanoTime);
        switch (queue.enter(key, rules.waitTimeout())) {
            case ENTERED -> {}
            case TOO_LATE -> throw busy();
            case CROWDED -> throw queueFull();
        }
        Held held = null;
        try {
            Taken taken = take(key, deadline, access, events);
            held = taken.held();
            return taken;
        } finally {
            if (held == null) {
                queue.leave(key);
            }
        }
    }

    private Taken take(StoreKey key, Deadline deadline, AccessKind access, EventBuffer events) {
        byte[] bytes = new byte[HOLDER_BYTES];
        ThreadLocalRandom.current().nextBytes(bytes);
        String holder = SessionIds.text(bytes);
        StoredState found = records.load(key, events);
        for (int tries = 1; found instanceof StoredState.Live live; tries++) {
            Lease present = live.snapshot().record().lease();
            if (present != null && present.holder().equals(holder)) {
                return new Taken(found, new Held(key, holder));
            }
            boolean busy = present != null && present.isActive(clock.instant());
            // The first look at a free session is never too late, however short the timeout is.
            boolean waited = busy || tries > 1;
            if ((waited && deadline.hasPassed()) || Thread.currentThread().isInterrupted()) {
                throw busy();
            }
            if (busy) {
                pacer.pause(tries, SHORTEST_PAUSE, LONGEST_PAUSE);
                found = records.load(key, events);
            } else {
                found = tryTake(
                        live.snapshot(), new Lease(holder, clock.instant().plus(rules.lease())), access, events);
            }
        }
        return new Taken(found, null);
    }

    /**
     * Tries to take the lease, and returns what is stored then. If the store does not report whether the lease was taken, the
     * holder in the record does.
     */
    private StoredState tryTake(RecordSnapshot free, Lease mine, AccessKind access, EventBuffer events) {
        try {
            return records.rewrite(free, free.record().withLease(mine), access, events);
        } catch (SessionUnavailableException e) {
            if (e.reason() != Reason.OUTCOME_UNKNOWN) {
                throw e;
            }
            return records.load(free.key(), events);
        }
    }

    static boolean isHeld(SessionRecord record, String holder) {
        return record.lease() != null && record.lease().holder().equals(holder);
    }

    /** Throws if a record's lease is no longer this holder's, so that it must not write the record. */
    static void checkHeld(SessionRecord record, String holder) {
        if (!isHeld(record, holder)) {
            throw new SessionUnavailableException(
                    Reason.LEASE,
                    "this request kept the session to itself for longer than a lease lasts (c.exclusiveLease), and another"
                            + " one has had it since; nothing was saved",
                    null);
        }
    }

    private SessionUnavailableException busy() {
        String why = rules.waitTimeout().isZero()
                ? "another request uses this session exclusively or has just changed it, and no request waits for it"
                        + " (c.exclusiveWait is zero)"
                : "another request has had this session to itself for " + rules.waitTimeout() + " (c.exclusiveWait)";
        return new SessionUnavailableException(Reason.LEASE, why + "; nothing was saved", null);
    }

    private SessionUnavailableException queueFull() {
        return new SessionUnavailableException(
                Reason.LEASE,
                rules.maxWaiting() + " requests wait already to have this session to themselves, and no more may"
                        + " (c.maxWaitingExclusive); nothing was saved",
                null);
    }
}
