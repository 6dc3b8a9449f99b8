package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.SessionRecord;
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
import org.jspecify.annotations.Nullable;

/**
 * Takes away what has expired and nobody came back to: when the application says so, or now and then beside a new
 * session.
 *
 * <p>What has expired is what has by this node's clock and by the store's own, where it has one.
 *
 * <p>A session is forgotten once the listener was told of it. One at which the listener fails stays in the store and is
 * told of again by a later sweep, on whatever node and after whatever restart; the others are swept meanwhile. A listener
 * that fails again and again is left alone for the rest of that sweep: it may be slow to fail, and a request may be
 * waiting.
 */
final class Sweeper {
    private static final int CREATES_PER_SWEEP = 64;
    private static final int RECORDS_PER_SWEEP = 100;
    private static final int FAILURES_PER_SWEEP = 10;

    private final EngineSettings settings;
    private final SessionRecords vault;
    private final Optional<ExpirySweep> store;
    private final AtomicLong created = new AtomicLong();
    private volatile boolean onSchedule;

    Sweeper(EngineSettings settings, SessionRecords vault) {
        this.settings = settings;
        this.vault = vault;
        this.store = settings.store.expirySweep();
    }

    /** Sweeps because the application says so; sweeping within requests ends. */
    int sweepOnSchedule(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a sweep takes at least 1 session away, not " + limit);
        }
        onSchedule = true;
        return sweep(limit);
    }

    /** Counts new records; now and then that sweeps, so that no store grows for ever. */
    void storedNewRecord() {
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
            EventBuffer.tell(settings.listener, heard -> heard.onStoreUnavailable(e));
        }
    }

    private int sweep(int limit) {
        if (store.isEmpty()) {
            return 0;
        }
        Telling telling = new Telling(limit);
        try {
            return telling.sweep(
                    store.get(), vault.time().earlierOf(vault.now()).minus(Deadlines.GRACE));
        } finally {
            telling.logFailures();
        }
    }

    /** Stops a sweep at a record; an error of a listener too, which stores would let pass. */
    private static final class ListenerFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ListenerFailedException(Throwable cause) {
            super(cause);
        }
    }

    /** One sweep as the listener hears it. */
    private final class Telling implements BiConsumer<StoreKey, StoredSession> {
        private final int limit;
        private final Set<StoreKey> failedAt = new HashSet<>();
        private int told;
        private @Nullable RuntimeException failure;
        private boolean over;

        Telling(int limit) {
            this.limit = limit;
        }

        /** A store may stop at a failure of the listener; it goes on behind that record when it is asked again. */
        int sweep(ExpirySweep from, Instant expiredBefore) {
            int forgotten = 0;
            while (!over && told + failedAt.size() < limit) {
                int before = told;
                try {
                    return forgotten + from.sweep(expiredBefore, limit - told - failedAt.size(), this);
                } catch (RuntimeException e) {
                    if (e != failure) {
                        throw e;
                    }
                    forgotten += told - before;
                }
            }
            return forgotten;
        }

        @Override
        public void accept(StoreKey key, StoredSession stored) {
            // A record that comes again in the same sweep: the store has come round.
            over |= failedAt.contains(key) || failedAt.size() >= FAILURES_PER_SWEEP;
            if (over && failure != null) {
                throw failure;
            }
            try {
                tellExpired(key, stored);
            } catch (Throwable e) {
                failedAt.add(key);
                failure = failure == null ? new ListenerFailedException(e) : failure;
                throw failure;
            }
            told++;
        }

        void logFailures() {
            if (failure != null) {
                EventBuffer.logger()
                        .log(
                                Level.WARNING,
                                "a session listener failed at " + failedAt.size()
                                        + " expired sessions; they are kept and told of again by a later sweep",
                                failure.getCause());
            }
        }
    }

    private void tellExpired(StoreKey key, StoredSession stored) {
        SessionRecord record;
        try {
            record = settings.records.read(stored);
        } catch (UnreadableRecordException e) {
            return;
        }
        if (!record.isRetired()) {
            SessionInfo info = settings.deadlines.info(key, record, stored.expiresAt());
            Timeout cause = info.expiresAt().isBefore(stored.expiresAt()) ? Timeout.ABSOLUTE : Timeout.IDLE;
            settings.listener.onExpired(info, cause);
        }
    }
}
