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
 * A store that was not there when the lab started: each call tries to open it, not more often than four times a second,
 * and is answered as by a store that is away until that succeeds.
 */
final class LateStore extends ForwardingStore {
    private static final Duration BETWEEN = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Opening opening;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable OpenStore opened;
    private long triedNanos = System.nanoTime() - BETWEEN.toNanos();

    LateStore(Opening opening) {
        this.opening = opening;
    }

    @Override
    protected SessionStore store() {
        OpenStore present = opened;
        return present == null ? openedNow().store() : present.store();
    }

    private OpenStore openedNow() {
        if (!locked()) {
            throw away();
        }
        try {
            OpenStore present = opened;
            if (present != null) {
                return present;
            }
            if (System.nanoTime() - triedNanos < BETWEEN.toNanos()) {
                throw away();
            }
            try {
                present = opening.open();
            } finally {
                triedNanos = System.nanoTime();
            }
            opened = present;
            return present;
        } finally {
            lock.unlock();
        }
    }

    private boolean locked() {
        try {
            return lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static StoreException away() {
        return StoreException.notDone("the store has not been reached yet", null);
    }

    /** Every store that can be late keeps an index of users. */
    @Override
    public Optional<UserIndex> userIndex() {
        return Optional.of(new LateIndex());
    }

    /** Finds nothing where the store forgets by itself. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        return Optional.of((expiredBefore, limit, deliver) -> store().expirySweep()
                .map(sweep -> sweep.sweep(expiredBefore, limit, deliver))
                .orElse(0));
    }

    /** Every store that can be late has a time of its own. */
    @Override
    public Optional<InstantSource> storeClock() {
        return Optional.of(() -> store().storeClock().orElseThrow().instant());
    }

    @Override
    public void close() {
        OpenStore present = opened;
        if (present != null) {
            present.close();
        }
    }

    private final class LateIndex implements UserIndex {
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
