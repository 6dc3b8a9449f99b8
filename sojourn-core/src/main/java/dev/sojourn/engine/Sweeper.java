package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.FirstFailure;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Finds and removes expired records, and reports each: when the application calls it, or occasionally after a new session.
 *
 * <p>A record has expired if it has by this node's clock and by the store's own, where it has one.
 *
 * <p>A record is removed once the listener was notified. If the listener fails at a record, that record stays in the store
 * and is reported again by a later sweep, on any node and after any restart; the sweep goes on with the rest. A listener that
 * fails repeatedly is not called again in that sweep: it may be slow to fail, and a request may be waiting.
 */
final class Sweeper {
    private static final int CREATES_PER_SWEEP = 64;
    private static final int RECORDS_PER_SWEEP = 100;
    private static final int FAILURES_PER_SWEEP = 10;

    private final EngineSettings settings;
    private final ClockComparison clocks;
    private final Optional<ExpirySweep> store;
    private final AtomicLong created = new AtomicLong();
    private volatile boolean onSchedule;

    Sweeper(EngineSettings settings, ClockComparison clocks) {
        this.settings = settings;
        this.clocks = clocks;
        this.store = settings.store.expirySweep();
    }

    /** Sweeps at the application's call, and stops sweeping within requests. */
    int sweepOnSchedule(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a sweep removes at least 1 session, not " + limit);
        }
        onSchedule = true;
        return sweep(limit);
    }

    /** Counts a new record; every 64th sweeps, so that no store grows without end. */
    void countNewRecord() {
        if (store.isEmpty() || onSchedule || created.incrementAndGet() % CREATES_PER_SWEEP != 0) {
            return;
        }
        if (settings.executor == null) {
            sweepQuietly();
            return;
        }
        try {
            settings.executor.execute(this::sweepQuietly);
        } catch (RejectedExecutionException e) {
            EventBuffer.logger()
                    .log(Level.WARNING, "the executor refused to sweep expired sessions; the next sweep will", e);
        }
    }

    private void sweepQuietly() {
        try {
            sweep(RECORDS_PER_SWEEP);
        } catch (RuntimeException e) {
            EventBuffer.notify(settings.listener, listener -> listener.onStoreUnavailable(e));
        }
    }

    private int sweep(int limit) {
        if (store.isEmpty()) {
            return 0;
        }
        Reports reports = new Reports(limit);
        try {
            return reports.sweep(
                    store.get(), clocks.earlierOf(settings.clock.instant()).minus(SessionStore.GRACE_PERIOD));
        } finally {
            reports.logFailures();
        }
    }

    /** Stops a sweep at a record. Wraps errors of a listener too, which stores would not catch. */
    private static final class ListenerFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ListenerFailedException(Throwable cause) {
            super(cause);
        }
    }

    /** Reports the records of one sweep to the listener. */
    private final class Reports implements BiConsumer<StoreKey, StoredSession> {
        private final int limit;
        private final Set<StoreKey> failedAt = new HashSet<>();
        private final FirstFailure failures = new FirstFailure();
        private int reported;
        private boolean over;

        Reports(int limit) {
            this.limit = limit;
        }

        /** A store may stop at a failure of the listener; the next call goes on after that record. */
        int sweep(ExpirySweep from, Instant expiredBefore) {
            int removed = 0;
            while (!over && reported + failures.count() < limit) {
                int before = reported;
                try {
                    return removed + from.sweep(expiredBefore, limit - reported - failures.count(), this);
                } catch (RuntimeException e) {
                    if (e != failures.exception()) {
                        throw e;
                    }
                    removed += reported - before;
                }
            }
            return removed;
        }

        @Override
        public void accept(StoreKey key, StoredSession stored) {
            // The store has begun again: this record comes a second time in the same sweep.
            over |= failedAt.contains(key) || failures.count() >= FAILURES_PER_SWEEP;
            if (over) {
                failures.throwIfAny();
            }
            if (!failures.attempt(() -> report(key, stored))) {
                failedAt.add(key);
                failures.throwIfAny();
            }
            reported++;
        }

        void logFailures() {
            RuntimeException failure = failures.exception();
            if (failure != null) {
                EventBuffer.logger()
                        .log(
                                Level.WARNING,
                                "a session listener failed at " + failures.count()
                                        + " expired sessions; they stay stored and a later sweep reports them again",
                                failure.getCause());
            }
        }
    }

    private void report(StoreKey key, StoredSession stored) {
        try {
            reportExpired(key, stored);
        } catch (Throwable e) {
            throw new ListenerFailedException(e);
        }
    }

    private void reportExpired(StoreKey key, StoredSession stored) {
        SessionRecord record;
        try {
            record = settings.recordFormat.read(stored);
        } catch (UnreadableRecordException e) {
            return;
        }
        if (!record.isRetired() && !RememberSettings.isBrowser(record)) {
            SessionInfo info = settings.deadlines.info(key, record, stored.expiresAt());
            Timeout cause = info.expiresAt().isBefore(stored.expiresAt()) ? Timeout.ABSOLUTE : Timeout.IDLE;
            settings.listener.onExpired(info, cause);
        }
    }
}
