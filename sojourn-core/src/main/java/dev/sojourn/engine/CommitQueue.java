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
 * Lets the commits of one session in this process queue for each other instead of racing in the store. The request that
 * has the turn saves everything that waits for the same session in one write (flat combining) and hands the accepted
 * record to those that come next, so that they start from what stands in the store.
 *
 * <p>Each session has a {@link Connections} of its own, so none waits for another one. The queue makes nothing correct that would
 * not be without it: the store's compare-and-set decides between requests of one process as it does between nodes.
 * Therefore nobody has to wait for a turn that does not end. A request that is held up by a function of the application
 * saves by itself; one that ends a session waits a moment and then does so. For a write that the store does not answer the
 * others wait, as a second one would hang as well, but no longer than their patience lasts and no more of them than there
 * is room for.
 */
final class CommitQueue {
    /** How long a request waits that cannot be refused. */
    private static final Duration URGENT = Duration.ofSeconds(1);

    private final PerSession<CommitLine> lines;
    private final Duration patience;
    private final int maxWaiting;
    private final RetryPacer pacer;

    CommitQueue(Duration patience, int maxWaiting, RetryPacer pacer) {
        this.lines = new PerSession<>(() -> new CommitLine(pacer));
        this.patience = patience;
        this.maxWaiting = maxWaiting;
        this.pacer = pacer;
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
        RecordSnapshot save(CommitBatch batch, @Nullable RecordSnapshot recent);
    }

    /** Whether no request of any session is in a line. */
    boolean isEmpty() {
        return lines.isEmpty();
    }

    // ---- commits

    /**
     * Has a commit saved, by this thread or by another one that got there first.
     *
     * @return what became of it
     */
    Commit.Result submit(Commit commit, Saver saver) {
        StoreKey key = commit.base.key();
        CommitLine line = enter(key);
        try {
            if (line.turn.tryLock()) {
                return lead(line, commit, saver);
            }
            line.add(commit);
            return switch (await(line, commit)) {
                case TURN -> lead(line, commit, saver);
                case DONE -> commit.result();
                case HELD_UP -> aside(commit.again(), saver);
            };
        } finally {
            lines.leave(key, line);
        }
    }

    private Commit.Result lead(CommitLine line, Commit own, Saver saver) {
        try {
            if (!own.isDone()) {
                RecordSnapshot recent = line.recent;
                line.recent = null;
                line.recent = save(new CommitBatch(line, line.allBehind(own), pacer), recent, saver);
            }
        } finally {
            line.leaveTurn();
        }
        return own.result();
    }

    private static @Nullable RecordSnapshot save(CommitBatch batch, @Nullable RecordSnapshot recent, Saver saver) {
        try {
            return saver.save(batch, recent);
        } catch (RuntimeException | Error e) {
            batch.fail(e);
            return null;
        }
    }

    /** Saves one commit beside the line. */
    private Commit.Result aside(Commit commit, Saver saver) {
        save(new CommitBatch(new CommitLine(pacer), List.of(commit), pacer), null, saver);
        return commit.result();
    }

    // ---- everything else

    /** Changes a session in another way while none of its commits is under way in this process. */
    <T extends @Nullable Object> T alone(StoreKey key, Function<CommitLine, T> work) {
        CommitLine line = enter(key);
        try {
            boolean inTurn = line.turn.tryLock() || await(line, null) == Waited.TURN;
            return work(inTurn, line, work);
        } finally {
            lines.leave(key, line);
        }
    }

    /** The same for what must not be refused: after a moment it is done, whether or not a commit is under way. */
    <T extends @Nullable Object> T urgently(StoreKey key, Function<CommitLine, T> work) {
        CommitLine line = entered(key, Integer.MAX_VALUE);
        try {
            return work(awaitShortly(line), line, work);
        } finally {
            lines.leave(key, line);
        }
    }

    private <T extends @Nullable Object> T work(boolean inTurn, CommitLine line, Function<CommitLine, T> work) {
        if (!inTurn) {
            return work.apply(new CommitLine(pacer));
        }
        try {
            line.isNow(CommitLine.Doing.STORE);
            return work.apply(line);
        } finally {
            line.recent = null;
            line.leaveTurn();
        }
    }

    // ---- waiting

    private CommitLine enter(StoreKey key) {
        return entered(key, 1 + maxWaiting);
    }

    private CommitLine entered(StoreKey key, int most) {
        CommitLine line = lines.enter(key, most);
        if (line == null) {
            throw new SessionUnavailableException(
                    Reason.CONFLICT,
                    maxWaiting + " requests wait already to save this session, and no more may (c.maxWaitingSaves);"
                            + " nothing was saved",
                    null);
        }
        return line;
    }

    private enum Waited {
        /** The turn has come. */
        TURN,
        /** Another request has saved the commit. */
        DONE,
        /** A function of the application holds everything up; the commit was taken back. */
        HELD_UP
    }

    private Waited await(CommitLine line, @Nullable Commit commit) {
        long began = pacer.nanoTime();
        while (true) {
            boolean interrupted = false;
            try {
                if (line.turn.tryLock(CommitLine.SLOW_NANOS, TimeUnit.NANOSECONDS)) {
                    return Waited.TURN;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                interrupted = true;
            }
            if (commit != null && commit.isDone()) {
                return Waited.DONE;
            }
            long waited = pacer.nanoTime() - began;
            if (interrupted || waited > patience.toNanos()) {
                giveUp(line, commit, interrupted, waited);
            } else if (line.isHeldUp() && (commit == null || commit.withdraw())) {
                remove(line, commit);
                return Waited.HELD_UP;
            }
        }
    }

    private static void remove(CommitLine line, @Nullable Commit commit) {
        if (commit != null) {
            line.remove(commit);
        }
    }

    /** Waits on only for a write that has begun, as nobody knows yet whether it is done. */
    private void giveUp(CommitLine line, @Nullable Commit commit, boolean interrupted, long waited) {
        SessionUnavailableException why = interrupted
                ? unavailable("interrupted while other requests of this session were saving it; nothing was saved")
                : tooLate(line);
        if (commit == null || commit.abandon()) {
            remove(line, commit);
            throw why;
        }
        if (!commit.isDone() && (interrupted || waited > 2 * patience.toNanos())) {
            throw new SessionUnavailableException(
                    Reason.OUTCOME_UNKNOWN,
                    "another request of this session has begun to save this one's changes with its own, and the store"
                            + " has not answered",
                    null);
        }
    }

    private SessionUnavailableException tooLate(CommitLine line) {
        if (line.hasNoAnswer()) {
            return new SessionUnavailableException(
                    Reason.STORE_UNAVAILABLE,
                    "the store has not answered an earlier save of this session, for which this request has waited "
                            + patience + "; nothing was saved",
                    null);
        }
        return line.isHeldUp()
                ? unavailable("a function given to Session.update has kept this session from being saved for "
                        + patience + "; nothing was saved. Keep slow work out of the function")
                : unavailable("other requests were saving this session for " + patience + "; nothing was saved");
    }

    private static SessionUnavailableException unavailable(String message) {
        return new SessionUnavailableException(Reason.CONFLICT, message, null);
    }

    private boolean awaitShortly(CommitLine line) {
        long began = pacer.nanoTime();
        try {
            do {
                if (line.turn.tryLock() || line.turn.tryLock(CommitLine.SLOW_NANOS, TimeUnit.NANOSECONDS)) {
                    return true;
                }
            } while (!line.isHeldUp() && pacer.nanoTime() - began <= URGENT.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
