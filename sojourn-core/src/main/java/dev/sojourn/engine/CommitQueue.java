package dev.sojourn.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one session in this process that want to write it: one holds the lock, the rest wait. The lock is not a
 * monitor; it is held over the store's I/O, never while a handler runs.
 */
final class CommitQueue extends PerSession.Shared {
    /** A function of the application that runs longer than this counts as slow: requests stop waiting for it if they can. */
    static final long SLOW_NANOS = Duration.ofMillis(100).toNanos();

    /** What the request that holds the lock is doing. */
    enum Activity {
        /** It runs a function of the application. */
        FUNCTION,
        /** It waits for the store. */
        STORE_CALL,
        /** Neither. */
        OTHER
    }

    final ReentrantLock lock = new ReentrantLock();
    private final Queue<Commit> waiting = new ConcurrentLinkedQueue<>();
    private final RetryPacer pacer;
    /** The record that the store accepted last, kept while other requests wait; guarded by the lock. */
    @Nullable
    RecordSnapshot recent;

    private volatile long since;
    private volatile Activity activity = Activity.OTHER;

    CommitQueue(RetryPacer pacer) {
        this.pacer = pacer;
    }

    void add(Commit commit) {
        waiting.add(commit);
    }

    /** Removes a commit whose request does not wait any more. */
    void remove(Commit commit) {
        waiting.remove(commit);
    }

    /** Removes all waiting commits, and returns them behind the one of the request that holds the lock. */
    List<Commit> drainBehind(Commit first) {
        List<Commit> all = new ArrayList<>(4);
        all.add(first);
        for (Commit next = waiting.poll(); next != null; next = waiting.poll()) {
            if (next != first) {
                all.add(next);
            }
        }
        return all;
    }

    /** Releases the lock. */
    void unlock() {
        activity = Activity.OTHER;
        if (waiting.isEmpty()) {
            recent = null;
        }
        lock.unlock();
    }

    void setActivity(Activity what) {
        if (what != Activity.OTHER) {
            since = pacer.nanoTime();
        }
        activity = what;
    }

    /** Runs a function that may be the application's, and lets waiting requests see that. */
    <T> T inFunction(Supplier<T> work) {
        Activity before = activity;
        setActivity(Activity.FUNCTION);
        try {
            return work.get();
        } finally {
            setActivity(before);
        }
    }

    /** Whether a slow function of the application delays the request that holds the lock. */
    boolean isDelayed() {
        return isLongAt(Activity.FUNCTION);
    }

    /** Whether that request has waited for one store call for long. */
    boolean isStoreSlow() {
        return isLongAt(Activity.STORE_CALL);
    }

    private boolean isLongAt(Activity what) {
        return activity == what && pacer.nanoTime() - since > SLOW_NANOS;
    }
}
