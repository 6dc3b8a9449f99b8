package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the commits of one session in this process queue for each other instead of racing in the store. Whoever gets the
 * lock saves everything that waits for the same session in one write (flat combining) and hands the accepted record to
 * those who come next, so that they start from what stands in the store.
 *
 * <p>The locks are striped by key, are no monitors, and are held over the store's I/O but never while a handler runs.
 * Another session on the same stripe waits too; with 64 stripes that is rare, and bounded by the deadline.
 */
final class CommitQueue {
    private static final int STRIPES = 64;

    private final Stripe[] stripes = new Stripe[STRIPES];
    private final Duration patience;

    CommitQueue(Duration patience) {
        this.patience = patience;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /** Saves several commits of one session in one write. */
    interface Saver {
        /**
         * Saves them and finishes each.
         *
         * @param batch commits of one key
         * @param recent the record last accepted here, as a place to start from, or null
         * @return the accepted record, or null if there is none to start from
         */
        @Nullable
        Snapshot save(List<Commit> batch, @Nullable Snapshot recent);
    }

    private static final class Stripe {
        final ReentrantLock lock = new ReentrantLock();
        final ConcurrentLinkedQueue<Commit> waiting = new ConcurrentLinkedQueue<>();
        /** The record last accepted, kept while others wait; guarded by the lock. */
        @Nullable
        Snapshot recent;
    }

    /** Has a commit saved, by this thread or by another one that got there first, and returns when that is done. */
    void submit(Commit commit, Saver saver) {
        StoreKey key = commit.base.key();
        Stripe stripe = stripe(key);
        stripe.waiting.add(commit);
        try {
            lock(stripe, commit);
        } catch (SessionUnavailableException e) {
            stripe.waiting.remove(commit);
            throw e;
        }
        try {
            if (!commit.isDone()) {
                saveWaiting(stripe, key, saver);
            }
        } finally {
            if (stripe.waiting.isEmpty()) {
                stripe.recent = null;
            }
            stripe.lock.unlock();
        }
    }

    /** Does something else with a session while none of its commits is under way in this process. */
    <T> T alone(StoreKey key, Supplier<T> work) {
        Stripe stripe = stripe(key);
        lock(stripe, null);
        try {
            return work.get();
        } finally {
            stripe.recent = null;
            stripe.lock.unlock();
        }
    }

    private Stripe stripe(StoreKey key) {
        int hash = key.hashCode();
        return stripes[(hash ^ (hash >>> 16)) & (STRIPES - 1)];
    }

    private void saveWaiting(Stripe stripe, StoreKey key, Saver saver) {
        List<Commit> batch = new ArrayList<>();
        for (Iterator<Commit> all = stripe.waiting.iterator(); all.hasNext(); ) {
            Commit next = all.next();
            if (next.base.key().equals(key)) {
                all.remove();
                if (next.take()) {
                    batch.add(next);
                }
            }
        }
        Snapshot recent = stripe.recent != null && stripe.recent.key().equals(key) ? stripe.recent : null;
        try {
            stripe.recent = saver.save(batch, recent);
        } catch (RuntimeException | Error e) {
            // Whoever waits must hear of it: nobody else will finish them.
            batch.forEach(each -> each.fail(e));
        }
    }

    private void lock(Stripe stripe, @Nullable Commit commit) {
        try {
            if (stripe.lock.tryLock() || stripe.lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            if (commit == null || commit.withdraw()) {
                throw new SessionUnavailableException(
                        Reason.CONFLICT,
                        "other requests were saving this session for " + patience + "; nothing was saved",
                        null);
            }
            if (stripe.lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (commit == null || commit.withdraw()) {
                throw new SessionUnavailableException(
                        Reason.CONFLICT,
                        "interrupted while other requests were saving this session; nothing was saved",
                        e);
            }
        }
        throw new SessionUnavailableException(
                Reason.OUTCOME_UNKNOWN,
                "another request had begun to save this session and has not come to an end",
                null);
    }
}
