package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Queues the commits of one session in this process, so that they do not race in the store. The request that holds the
 * session's lock saves all waiting commits in one write (flat combining) and leaves the accepted record to the next request,
 * which starts from it.
 *
 * <p>Each session has its own {@link CommitQueue}, so sessions do not wait for each other. The queue is an optimization:
 * the store's compare-and-set decides between requests of one process as it does between nodes. So no request has to wait
 * for a lock without end. A request that a slow function of the application delays saves alone; one that ends a session waits
 * a moment and then does so. While a write hangs, the other requests wait, because a second write would hang too. Their number
 * ({@code maxWaitingSaves}) and their time are limited: one timeout, and two for a request whose changes are in the write.
 */
final class CommitQueues {
    /** How long a request that must not be refused waits for the lock. */
    private static final Duration URGENT = Duration.ofSeconds(1);

    private final PerSession<CommitQueue> queues;
    private final Duration timeout;
    private final int maxWaiting;
    private final RetryPacer pacer;

    CommitQueues(Duration timeout, int maxWaiting, RetryPacer pacer) {
        this.queues = new PerSession<>(() -> new CommitQueue(pacer));
        this.timeout = timeout;
        this.maxWaiting = maxWaiting;
        this.pacer = pacer;
    }

    /** Saves several commits of one session in one write. */
    interface Saver {
        /**
         * Saves the commits and finishes each.
         *
         * @param batch commits of one key
         * @param recent the record last accepted here, as a record to start from, or null
         * @return the accepted record, or null if there is none to start from
         */
        @Nullable
        RecordSnapshot save(CommitBatch batch, @Nullable RecordSnapshot recent);
    }

    /** Whether no request waits or saves. */
    boolean isEmpty() {
        return queues.isEmpty();
    }

    // ---- commits

    /**
     * Saves a commit, on this thread or on another one that holds the lock.
     *
     * @return the outcome
     */
    CommitOutcome submit(Commit commit, Saver saver) {
        StoreKey key = commit.base.key();
        CommitQueue queue = enter(key);
        try {
            if (queue.lock.tryLock()) {
                return lead(queue, commit, saver);
            }
            queue.add(commit);
            return switch (await(queue, commit)) {
                case LOCKED -> lead(queue, commit, saver);
                case DONE -> commit.outcome();
                case DELAYED -> saveWithoutLock(commit.copy(), saver);
            };
        } finally {
            queues.leave(key, queue);
        }
    }

    private CommitOutcome lead(CommitQueue queue, Commit own, Saver saver) {
        try {
            if (!own.isDone()) {
                RecordSnapshot recent = queue.recent;
                queue.recent = null;
                queue.recent = save(new CommitBatch(queue, queue.drainBehind(own), pacer), recent, saver);
            }
        } finally {
            queue.unlock();
        }
        return own.outcome();
    }

    private static @Nullable RecordSnapshot save(CommitBatch batch, @Nullable RecordSnapshot recent, Saver saver) {
        try {
            return saver.save(batch, recent);
        } catch (RuntimeException | Error e) {
            batch.fail(e);
            return null;
        }
    }

    /** Saves one commit without the lock. */
    private CommitOutcome saveWithoutLock(Commit commit, Saver saver) {
        save(new CommitBatch(new CommitQueue(pacer), List.of(commit), pacer), null, saver);
        return commit.outcome();
    }

    // ---- everything else

    /** Runs other work on a session while no commit of it is in progress in this process. */
    <T extends @Nullable Object> T withLock(StoreKey key, Function<CommitQueue, T> work) {
        CommitQueue queue = enter(key);
        try {
            boolean isDelayed = !queue.lock.tryLock() && await(queue, null) != Waited.LOCKED;
            return isDelayed ? work.apply(new CommitQueue(pacer)) : runLocked(queue, work);
        } finally {
            queues.leave(key, queue);
        }
    }

    /** Runs work that must not be refused: after a moment it runs even if a commit is in progress. */
    <T extends @Nullable Object> T urgently(StoreKey key, Function<CommitQueue, T> work) {
        CommitQueue queue = enter(key, Integer.MAX_VALUE);
        try {
            return awaitShortly(queue) ? runLocked(queue, work) : work.apply(new CommitQueue(pacer));
        } finally {
            queues.leave(key, queue);
        }
    }

    private static <T extends @Nullable Object> T runLocked(CommitQueue queue, Function<CommitQueue, T> work) {
        try {
            queue.setActivity(CommitQueue.Activity.STORE_CALL);
            return work.apply(queue);
        } finally {
            queue.recent = null;
            queue.unlock();
        }
    }

    // ---- waiting

    private CommitQueue enter(StoreKey key) {
        return enter(key, 1 + maxWaiting);
    }

    private CommitQueue enter(StoreKey key, int most) {
        CommitQueue queue = queues.enter(key, most);
        if (queue == null) {
            throw new SessionUnavailableException(
                    Reason.CONFLICT,
                    maxWaiting + " requests wait already to save this session, and no more may (c.maxWaitingSaves);"
                            + " nothing was saved",
                    null);
        }
        return queue;
    }

    private enum Waited {
        /** This request holds the lock. */
        LOCKED,
        /** Another request has saved the commit. */
        DONE,
        /** A slow function of the application delays the rest; the commit was withdrawn. */
        DELAYED
    }

    private Waited await(CommitQueue queue, @Nullable Commit commit) {
        long began = pacer.nanoTime();
        while (true) {
            boolean interrupted = false;
            try {
                if (queue.lock.tryLock(CommitQueue.SLOW_NANOS, TimeUnit.NANOSECONDS)) {
                    return Waited.LOCKED;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                interrupted = true;
            }
            if (commit != null && commit.isDone()) {
                return Waited.DONE;
            }
            long waited = pacer.nanoTime() - began;
            if (interrupted || waited > timeout.toNanos()) {
                throwUnlessSealed(queue, commit, interrupted ? interruption() : tooLate(queue));
                if (interrupted || waited > 2 * timeout.toNanos()) {
                    throwUnlessDone(commit);
                }
            } else if (queue.isDelayed() && (commit == null || commit.withdraw())) {
                remove(queue, commit);
                return Waited.DELAYED;
            }
        }
    }

    private static void remove(CommitQueue queue, @Nullable Commit commit) {
        if (commit != null) {
            queue.remove(commit);
        }
    }

    /** Throws, unless a write of the commit has begun: its outcome is not known yet, so this request goes on waiting. */
    private static void throwUnlessSealed(
            CommitQueue queue, @Nullable Commit commit, SessionUnavailableException reason) {
        if (commit == null || commit.abandon()) {
            remove(queue, commit);
            throw reason;
        }
    }

    private static void throwUnlessDone(@Nullable Commit commit) {
        if (commit != null && !commit.isDone()) {
            throw new SessionUnavailableException(
                    Reason.OUTCOME_UNKNOWN,
                    "another request of this session has begun to save this one's changes with its own, and the store"
                            + " has not responded",
                    null);
        }
    }

    private static SessionUnavailableException interruption() {
        return unavailable("interrupted while other requests of this session were saving it; nothing was saved");
    }

    private SessionUnavailableException tooLate(CommitQueue queue) {
        if (queue.isStoreSlow()) {
            return new SessionUnavailableException(
                    Reason.STORE_UNAVAILABLE,
                    "the store has not responded to an earlier save of this session, for which this request has waited "
                            + timeout + "; nothing was saved",
                    null);
        }
        return queue.isDelayed()
                ? unavailable("a function given to Session.update has kept this session from being saved for " + timeout
                        + "; nothing was saved. Keep slow work out of the function")
                : unavailable("other requests were saving this session for " + timeout + "; nothing was saved");
    }

    private static SessionUnavailableException unavailable(String message) {
        return new SessionUnavailableException(Reason.CONFLICT, message, null);
    }

    private boolean awaitShortly(CommitQueue queue) {
        long began = pacer.nanoTime();
        try {
            do {
                if (queue.lock.tryLock() || queue.lock.tryLock(CommitQueue.SLOW_NANOS, TimeUnit.NANOSECONDS)) {
                    return true;
                }
            } while (!queue.isDelayed() && pacer.nanoTime() - began <= URGENT.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
