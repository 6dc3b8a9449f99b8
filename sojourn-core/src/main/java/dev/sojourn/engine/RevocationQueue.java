package dev.sojourn.engine;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Combines the revocations of this process, so that they do not race in the store: the request that holds the lock appends
 * all that wait, in one write.
 *
 * <p>The store's compare-and-set decides in any case, so no request has to wait without end: if the lock is held for a second,
 * because the store is slow or hangs, a request appends its own revocation alone.
 */
final class RevocationQueue {
    private static final long PATIENCE_SECONDS = 1;
    private static final int MAX_ALONE = 32;

    private final RevocationLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger alone = new AtomicInteger();

    RevocationQueue(RevocationLog log) {
        this.log = log;
    }

    /** A revocation that a request waits for. */
    private static final class Waiting {
        final RevocationEntry entry;
        volatile boolean isDone;
        volatile @Nullable RuntimeException failure;

        Waiting(RevocationEntry entry) {
            this.entry = entry;
        }
    }

    /**
     * Appends an entry; returns when the store has confirmed it and it is in the view.
     *
     * @throws SessionUnavailableException if the store did not confirm it
     */
    void append(RevocationEntry entry) {
        Waiting own = new Waiting(entry);
        queue.add(own);
        if (awaitLock()) {
            try {
                appendWaiting(own);
            } finally {
                lock.unlock();
            }
            throwIfFailed(own);
        } else if (own.isDone) {
            throwIfFailed(own);
        } else {
            queue.remove(own);
            appendAlone(entry);
        }
    }

    private void appendWaiting(Waiting own) {
        if (own.isDone) {
            return;
        }
        List<Waiting> batch = new ArrayList<>();
        for (Waiting each = queue.poll(); each != null; each = queue.poll()) {
            batch.add(each);
        }
        append(batch);
    }

    /** Appends an entry that may be in a write of another request, too: it does no harm if it is there twice. */
    private void appendAlone(RevocationEntry entry) {
        if (alone.incrementAndGet() > MAX_ALONE) {
            alone.decrementAndGet();
            throw new SessionUnavailableException(
                    Reason.STORE_UNAVAILABLE,
                    "the store of the revocations does not respond to " + MAX_ALONE
                            + " calls; further ones are refused until one returns",
                    null);
        }
        try {
            Waiting own = new Waiting(entry);
            append(List.of(own));
            throwIfFailed(own);
        } finally {
            alone.decrementAndGet();
        }
    }

    private void append(List<Waiting> batch) {
        @Nullable RuntimeException failure = null;
        try {
            log.append(batch.stream().map(each -> each.entry).toList());
        } catch (RuntimeException e) {
            failure = e;
        }
        for (Waiting each : batch) {
            each.failure = failure;
            each.isDone = true;
        }
    }

    private boolean awaitLock() {
        try {
            return lock.tryLock() || lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void throwIfFailed(Waiting own) {
        RuntimeException failure = own.failure;
        if (failure instanceof StoreException e) {
            throw new SessionUnavailableException(
                    e.isNotDone() ? Reason.STORE_UNAVAILABLE : Reason.OUTCOME_UNKNOWN,
                    "the store did not confirm a revocation; repeat it: " + e.getMessage(),
                    e);
        } else if (failure != null) {
            throw failure;
        }
    }
}
