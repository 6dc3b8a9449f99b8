package dev.sojourn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.ExpiryBuckets.Place;
import dev.sojourn.ExpiryBuckets.VisitResult;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests that removed sessions leave no data behind, and that a visit of the expiry buckets has bounded work. */
class MemoryStoreCleanupTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static StoredSession session(long version, Instant expiry, @Nullable String subject) {
        return new StoredSession(new byte[0], version, expiry, subject);
    }

    @Test
    void a_deleted_session_leaves_no_place_in_the_expiry_buckets_and_no_user() {
        MemoryStore store = new MemoryStore();
        for (int i = 0; i < 300_000; i++) {
            StoreKey key = StoreKey.of("key " + i % 7);
            String subject = i % 3 == 0 ? null : "user " + i;
            assertThat(store.create(key, session(1, START.plusSeconds(i), subject)))
                    .isTrue();
            if (i % 2 == 0) {
                store.touch(key, 1, 2, START.minusSeconds(i));
                store.compareAndSet(key, 2, session(1, START.plusSeconds(3L * i), null));
            }
            store.delete(key, 1);
        }
        assertThat(store.places()).isZero();
        assertThat(store.users()).isZero();
        assertThat(store.size()).isZero();
    }

    @Test
    void each_session_has_one_place_even_if_its_expiry_changes_often() {
        MemoryStore store = new MemoryStore();
        StoreKey key = StoreKey.of("a");
        store.create(key, session(0, START, "alice"));
        for (int i = 0; i < 1_000; i++) {
            store.touch(key, i, i + 1, START.plusSeconds(60L * (i % 7 == 0 ? -i : i)));
            try {
                store.expirySweep().orElseThrow().sweep(START.plusSeconds(120), 10, (each, record) -> {
                    throw new IllegalStateException("the listener fails");
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("the listener fails");
            }
        }
        assertThat(store.places()).isEqualTo(1);
    }

    /** Records of expiry buckets that count how often they are looked up. */
    private static final class CountingRecords implements ExpiryBuckets.Records {
        private final ExpiryBuckets buckets = new ExpiryBuckets();
        private final Map<StoreKey, MemoryEntry> entries = new HashMap<>();
        private int lookUps;

        void enter(int number, Instant place, Instant expiry) {
            StoreKey key = StoreKey.of("key " + number);
            Place at = buckets.add(key, place);
            entries.put(key, new MemoryEntry(session(1, expiry, null), number, at));
        }

        @Override
        public @Nullable MemoryEntry lookUp(StoreKey key) {
            lookUps++;
            return entries.get(key);
        }

        @Override
        public void move(StoreKey key, MemoryEntry moved, Instant expiry) {
            buckets.remove(moved.place());
            entries.put(key, moved.withPlace(buckets.add(key, expiry)));
        }

        @Override
        public VisitResult visit(StoreKey key, MemoryEntry visited) {
            buckets.remove(visited.place());
            entries.remove(key);
            return VisitResult.REMOVED;
        }
    }

    @Test
    void a_visit_looks_at_a_bounded_number_of_places() {
        CountingRecords records = new CountingRecords();
        for (int i = 0; i < 20_000; i++) {
            records.enter(i, START, START.plusSeconds(7_200));
        }
        records.enter(20_000, START.plusSeconds(61), START.plusSeconds(61));

        assertThat(records.buckets.visit(START.plusSeconds(600), 100, records)).isZero();
        assertThat(records.lookUps).isEqualTo(1_000);

        int visits = 1;
        while (records.buckets.visit(START.plusSeconds(600), 100, records) == 0) {
            visits++;
        }
        assertThat(visits).as("visits until the expired record is found").isLessThanOrEqualTo(21);
        assertThat(records.buckets.size()).isEqualTo(20_000);
    }

    /** Returns a clock with the given time. */
    private static Clock clock(InstantSource time) {
        return new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return time.instant();
            }
        };
    }

    @Test
    void a_create_that_loses_to_another_one_during_an_eviction_leaves_no_place() {
        StoreKey key = StoreKey.of("contested");
        AtomicReference<@Nullable MemoryStore> storeToFill = new AtomicReference<>();
        // During a create, the store reads the clock only while it evicts.
        Clock clock = clock(() -> {
            MemoryStore other = storeToFill.getAndSet(null);
            if (other != null) {
                assertThat(other.create(key, session(1, START, null))).isTrue();
            }
            return START;
        });
        MemoryStore store = MemoryStore.builder().clock(clock).maxSessions(300).build();
        for (int i = 0; i < 300; i++) {
            store.create(StoreKey.of("key " + i), session(1, START, null));
        }
        storeToFill.set(store);

        assertThat(store.create(key, session(2, START, null))).isFalse();

        assertThat(storeToFill.get()).as("another create was faster").isNull();
        assertThat(store.places()).isEqualTo((int) store.size());
    }

    @Test
    void epochs_of_users_whose_sessions_were_ended_do_not_accumulate() {
        Instant[] now = {START};
        MemoryStore store = MemoryStore.builder().clock(clock(() -> now[0])).build();
        UserIndex index = store.userIndex().orElseThrow();
        for (int i = 0; i < 10_000; i++) {
            index.advanceEpoch("user " + i, now[0].plus(Duration.ofHours(1)));
            index.advanceEpoch("the same", now[0].plus(Duration.ofHours(1)));
        }
        assertThat(store.epochs()).isEqualTo(10_001);
        now[0] = START.plus(Duration.ofHours(2));
        for (int i = 0; i < 10_000; i++) {
            index.advanceEpoch("the same", now[0].plus(Duration.ofHours(1)));
        }
        assertThat(store.epochs()).isLessThanOrEqualTo(2);
        assertThat(index.enter("the same", StoreKey.of("a"), START)).isNotZero();
    }
}
