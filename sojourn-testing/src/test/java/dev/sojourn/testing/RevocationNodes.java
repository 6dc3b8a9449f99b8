package dev.sojourn.testing;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionListener;
import dev.sojourn.engine.RetryPacer;
import dev.sojourn.engine.RevocationList;
import dev.sojourn.engine.RevocationSettings;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Nodes over one store that keeps their revocations. Time passes only when a test or a pause lets it pass. */
final class RevocationNodes {
    static final Duration DELAY = Duration.ofSeconds(2);
    static final Duration LIFETIME = Duration.ofHours(12);

    final SettableClock clock = new SettableClock();
    final Data data = new Data();
    final FaultyStore store = new FaultyStore(data);
    final Events events = new Events();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

    /** What the store holds; may be replaced, as by a failover. */
    final class Data extends ForwardingStore {
        private volatile MemoryStore present =
                MemoryStore.builder().clock(clock).build();
        private final List<StoreKey> keys = new CopyOnWriteArrayList<>();

        @Override
        protected SessionStore store() {
            return present;
        }

        @Override
        public boolean create(StoreKey key, StoredSession session) {
            keys.add(key);
            return super.create(key, session);
        }

        /** Returns the keys in the order of their creation: the head's, then those of the chunks. */
        List<StoreKey> keys() {
            return keys;
        }

        /** Loses everything. */
        void clear() {
            present = MemoryStore.builder().clock(clock).build();
        }

        /** Loses one record. */
        void lose(StoreKey key) {
            present.delete(key, present.load(key).orElseThrow().version());
        }

        /** Returns the present records, for a later return to them. */
        MemoryStore copy() {
            MemoryStore copy = MemoryStore.builder().clock(clock).build();
            for (StoreKey key : keys) {
                present.load(key).ifPresent(record -> copy.create(key, record));
            }
            return copy;
        }

        /** Loses what was written since the copy. */
        void returnTo(MemoryStore copy) {
            present = copy;
        }
    }

    /** What the nodes' listener received. */
    static final class Events implements SessionListener {
        final List<RuntimeException> failures = new CopyOnWriteArrayList<>();
        final List<Duration> ages = new CopyOnWriteArrayList<>();

        @Override
        public void onStoreUnavailable(RuntimeException problem) {
            failures.add(problem);
        }

        @Override
        public void onRevocationsOutdated(Duration age) {
            ages.add(age);
        }
    }

    private final RetryPacer pacer = new RetryPacer() {
        @Override
        public long nanoTime() {
            return nanos.get();
        }

        @Override
        public void pause(int conflicts) {
            nanos.addAndGet(Duration.ofMillis(50).toNanos());
        }

        @Override
        public void pause(int tries, Duration shortest, Duration longest) {
            nanos.addAndGet(longest.toNanos());
        }
    };

    RevocationList node() {
        return node(clock);
    }

    RevocationList node(SettableClock its) {
        return node(its, Duration.ZERO);
    }

    RevocationList node(SettableClock its, Duration tolerance) {
        RevocationList node = nodeWithoutLifetime(its, tolerance);
        node.requireLifetime(LIFETIME);
        return node;
    }

    RevocationList nodeWithoutLifetime(SettableClock its, Duration tolerance) {
        return RevocationList.of(
                store, new RevocationSettings(DELAY, tolerance, its, events, new SecureRandom()), pacer);
    }

    /** Returns a node whose pauses take time, for tests with many threads: they cannot share a clock that each pause moves. */
    RevocationList nodeInRealTime() {
        RevocationList node = RevocationList.of(
                store,
                new RevocationSettings(DELAY, Duration.ZERO, clock, events, new SecureRandom()),
                RetryPacer.REAL);
        node.requireLifetime(LIFETIME);
        return node;
    }

    /** Returns a node that reaches the store in another way. */
    RevocationList nodeOver(SessionStore way) {
        return RevocationList.of(
                way, new RevocationSettings(DELAY, Duration.ZERO, clock, events, new SecureRandom()), pacer);
    }

    /** Lets time pass by both clocks. */
    void advance(Duration time) {
        clock.advance(time);
        nanos.addAndGet(time.toNanos());
    }

    /** Lets time pass by the monotonic clock alone. */
    void advanceMonotonic(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    Instant inAnHour() {
        return clock.instant().plusSeconds(3_600);
    }

    /** Lets the view of every node grow too old. */
    void letViewsGrowOld() {
        advance(DELAY.plusMillis(1));
    }

    /** Revokes many tokens, named by a prefix and a number. */
    void revokeMany(RevocationList node, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            node.revoke(prefix + i, inAnHour());
        }
    }

    /** Returns which of these tokens a node accepts. */
    static List<String> accepted(RevocationList node, String prefix, int count) {
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (!node.isRevoked(prefix + i)) {
                accepted.add(prefix + i);
            }
        }
        return accepted;
    }
}
