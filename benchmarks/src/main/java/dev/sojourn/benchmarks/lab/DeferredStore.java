package dev.sojourn.benchmarks.lab;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A store that was unavailable when the lab started. Each call tries to open it, at most four times a second, and fails
 * as with an unavailable store until that succeeds.
 */
final class DeferredStore extends ForwardingStore {
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(250);
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

    private final StoreOpener opener;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable OpenStore opened;
    private long lastAttemptNanos = System.nanoTime() - RETRY_INTERVAL.toNanos();

    DeferredStore(StoreOpener opener) {
        this.opener = opener;
    }

    @Override
    protected SessionStore store() {
        OpenStore current = opened;
        return current == null ? openIfDue().store() : current.store();
    }

    private OpenStore openIfDue() {
        if (!tryLock()) {
            throw unavailable();
        }
        try {
            OpenStore current = opened;
            if (current != null) {
                return current;
            }
            if (System.nanoTime() - lastAttemptNanos < RETRY_INTERVAL.toNanos()) {
                throw unavailable();
            }
            try {
                current = opener.open();
            } finally {
                lastAttemptNanos = System.nanoTime();
            }
            opened = current;
            return current;
        } finally {
            lock.unlock();
        }
    }

    private boolean tryLock() {
        try {
            return lock.tryLock(LOCK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static StoreException unavailable() {
        return StoreException.notDone("the store has not been reached yet", null);
    }

    /** Every store that can be deferred has a user index. */
    @Override
    public Optional<UserIndex> userIndex() {
        return Optional.of(new DeferredUserIndex());
    }

    /** Finds nothing if the store removes expired records itself. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        return Optional.of((expiredBefore, limit, deliver) -> store().expirySweep()
                .map(sweep -> sweep.sweep(expiredBefore, limit, deliver))
                .orElse(0));
    }

    /** Every store that can be deferred has a clock. */
    @Override
    public Optional<InstantSource> storeClock() {
        return Optional.of(() -> store().storeClock().orElseThrow().instant());
    }

    @Override
    public void close() {
        OpenStore current = opened;
        if (current != null) {
            current.close();
        }
    }

    private final class DeferredUserIndex implements UserIndex {
        private UserIndex index() {
            return store().userIndex().orElseThrow();
        }

        @Override
        public long enter(String subject, StoreKey key, Instant until) {
            return index().enter(subject, key, until);
        }

        @Override
        public void advanceEpoch(String subject, Instant keepUntil) {
            index().advanceEpoch(subject, keepUntil);
        }

        @Override
        public List<Entry> find(String subject, @Nullable Entry after, int limit) {
            return index().find(subject, after, limit);
        }

        @Override
        public void drop(String subject, Entry entry) {
            index().drop(subject, entry);
        }

        @Override
        public void removeKey(String subject, StoreKey key) {
            index().removeKey(subject, key);
        }
    }
}
