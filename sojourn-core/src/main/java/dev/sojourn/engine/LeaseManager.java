package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionRecord.Lease;
import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Gives a session to one request at a time, so that even reading and then setting loses nothing.
 *
 * <p><b>The lease</b> is a member of the session's own record: taken by a compare-and-set when the session is first used,
 * given back in the compare-and-set that commits. A request that wants it meanwhile waits: first for the requests of its
 * own process, in order and no more than a few of them, then for other nodes, asking the store again with growing pauses. A
 * holder that dies is waited out.
 * Nothing is leased while there is no record; two first requests of a client make two sessions.
 *
 * <p>A clock that is wrong may give two requests the lease, one after the other; the version in the store still lets
 * only the later one commit.
 */
final class LeaseManager {
    private static final int HOLDER_BYTES = 12;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private final SessionRecords vault;
    private final RetryPacer pacer;
    private final LeaseRules rules;
    private final LeaseQueue turnstile;

    LeaseManager(SessionRecords vault, RetryPacer pacer, LeaseRules rules) {
        this.vault = vault;
        this.pacer = pacer;
        this.rules = rules;
        this.turnstile = new LeaseQueue(rules.maxWaiting());
    }

    boolean covers(Exchange exchange) {
        return rules.covers(exchange);
    }

    /**
     * What one request has got.
     *
     * @param found what stands under the key
     * @param held the lease, or null where there is no live session to lease
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
        void leave() {
            if (!left) {
                left = true;
                turnstile.leave(key);
            }
        }
    }

    /** Loads a session and takes its lease. */
    Taken load(StoreKey key, EventBuffer events) {
        long giveUp = pacer.nanoTime() + rules.patience().toNanos();
        switch (turnstile.enter(key, rules.patience())) {
            case PASSED -> {}
            case TOO_LATE -> throw busy();
            case CROWDED -> throw crowded();
        }
        Held held = null;
        try {
            Taken taken = take(key, giveUp, events);
            held = taken.held();
            return taken;
        } finally {
            if (held == null) {
                turnstile.leave(key);
            }
        }
    }

    private Taken take(StoreKey key, long giveUp, EventBuffer events) {
        byte[] bytes = new byte[HOLDER_BYTES];
        ThreadLocalRandom.current().nextBytes(bytes);
        String holder = SessionIds.text(bytes);
        StoredState found = vault.load(key, events);
        for (int tries = 1; found instanceof StoredState.Live live; tries++) {
            Lease present = live.snapshot().record().lease();
            if (present != null && present.holder().equals(holder)) {
                return new Taken(found, new Held(key, holder));
            }
            boolean taken = present != null && present.holds(vault.now());
            // The first look at a free session is never too late, however short the patience is.
            boolean waited = taken || tries > 1;
            if ((waited && isOver(giveUp)) || Thread.currentThread().isInterrupted()) {
                throw busy();
            }
            if (taken) {
                pacer.pause(tries, SHORTEST_PAUSE, LONGEST_PAUSE);
                found = vault.load(key, events);
            } else {
                found = leased(live.snapshot(), new Lease(holder, vault.now().plus(rules.lease())), events);
            }
        }
        return new Taken(found, null);
    }

    private boolean isOver(long giveUp) {
        return pacer.nanoTime() - giveUp >= 0;
    }

    /**
     * What stands there after a try to take the lease. Where the store does not say whether it was taken, the holder in the
     * record does.
     */
    private StoredState leased(RecordSnapshot free, Lease mine, EventBuffer events) {
        try {
            return vault.rewrite(free, free.record().leased(mine), events);
        } catch (SessionUnavailableException e) {
            if (e.reason() != Reason.OUTCOME_UNKNOWN) {
                throw e;
            }
            return vault.load(free.key(), events);
        }
    }

    private SessionUnavailableException busy() {
        String why = rules.patience().isZero()
                ? "another request has this session to itself or has just changed it, and no request waits for its turn"
                        + " (c.exclusiveWait is zero)"
                : "another request has had this session to itself for " + rules.patience() + " (c.exclusiveWait)";
        return new SessionUnavailableException(Reason.LEASE, why + "; nothing was saved", null);
    }

    private SessionUnavailableException crowded() {
        return new SessionUnavailableException(
                Reason.LEASE,
                rules.maxWaiting() + " requests wait already to have this session to themselves, and no more may"
                        + " (c.maxWaitingExclusive); nothing was saved",
                null);
    }
}
