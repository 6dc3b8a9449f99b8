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
 * The requests of one session that want to write it: one has the turn, the others wait. The turn is no monitor; it is held
 * over the store's I/O, never while a handler runs.
 */
final class CommitLine extends PerSession.Shared {
    /** From when on a function of the application is slow: then nobody waits for it who need not. */
    static final long SLOW_NANOS = Duration.ofMillis(100).toNanos();

    /** What the request that has the turn is doing. */
    enum Doing {
        /** It runs a function of the application. */
        FUNCTION,
        /** It waits for the store's answer. */
        STORE,
        /** Neither. */
        OTHER
    }

    final ReentrantLock turn = new ReentrantLock();
    private final Queue<Commit> waiting = new ConcurrentLinkedQueue<>();
    private final RetryPacer pacer;
    /** The record last accepted, kept while others wait; guarded by the turn. */
    @Nullable
    RecordSnapshot recent;

    private volatile long since;
    private volatile Doing doing = Doing.OTHER;

    CommitLine(RetryPacer pacer) {
        this.pacer = pacer;
    }

    void add(Commit commit) {
        waiting.add(commit);
    }

    /** Takes a commit out whose request waits no longer. */
    void remove(Commit commit) {
        waiting.remove(commit);
    }

    /** All that wait, taken out of the line, behind one that has the turn. */
    List<Commit> allBehind(Commit first) {
        List<Commit> all = new ArrayList<>(4);
        all.add(first);
        for (Commit next = waiting.poll(); next != null; next = waiting.poll()) {
            if (next != first) {
                all.add(next);
            }
        }
        return all;
    }

    /** Gives the turn back. */
    void leaveTurn() {
        doing = Doing.OTHER;
        if (waiting.isEmpty()) {
            recent = null;
        }
        turn.unlock();
    }

    void isNow(Doing what) {
        if (what != Doing.OTHER) {
            since = pacer.nanoTime();
        }
        doing = what;
    }

    /** Runs something that may be the application's, and lets others see that. */
    <T> T inFunction(Supplier<T> work) {
        Doing before = doing;
        isNow(Doing.FUNCTION);
        try {
            return work.get();
        } finally {
            isNow(before);
        }
    }

    /** Whether the request that has the turn is held up by a function of the application. */
    boolean isHeldUp() {
        return isLongAt(Doing.FUNCTION);
    }

    /** Whether it has waited for one answer of the store for long. */
    boolean hasNoAnswer() {
        return isLongAt(Doing.STORE);
    }

    private boolean isLongAt(Doing what) {
        return doing == what && pacer.nanoTime() - since > SLOW_NANOS;
    }
}
