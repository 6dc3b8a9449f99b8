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

/** What is forgotten leaves nothing behind, and a visit of the timetable is bounded by what it looks at. */
class MemoryStoreGarbageTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static StoredSession session(long version, Instant expiry, @Nullable String subject) {
        return new StoredSession(new byte[0], version, expiry, subject);
    }

    @Test
    void a_session_that_is_destroyed_leaves_no_place_in_the_timetable_and_no_user() {
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
    void each_session_has_one_place_however_often_its_expiry_moves() {
        MemoryStore store = new MemoryStore();
        StoreKey key = StoreKey.of("a");
        store.create(key, session(0, START, "alice"));
        for (int i = 0; i < 1_000; i++) {
            store.touch(key, i, i + 1, START.plusSeconds(60L * (i % 7 == 0 ? -i : i)));
            try {
                store.expirySweep().orElseThrow().sweep(START.plusSeconds(120), 10, (each, record) -> {
                    throw new IllegalStateException("the listener keeps it");
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("the listener keeps it");
            }
        }
        assertThat(store.places()).isEqualTo(1);
    }

    /** Records that a timetable looks up, and how often it does. */
    private static final class Looked implements ExpiryBuckets.Records {
        private final ExpiryBuckets timetable = new ExpiryBuckets();
        private final Map<StoreKey, MemoryEntry> held = new HashMap<>();
        private int looks;

        void enter(int number, Instant place, Instant expiry) {
            StoreKey key = StoreKey.of("key " + number);
            Place at = timetable.add(key, place);
            held.put(key, new MemoryEntry(session(1, expiry, null), number, at));
        }

        @Override
        public @Nullable MemoryEntry lookUp(StoreKey key) {
            looks++;
            return held.get(key);
        }

        @Override
        public void move(StoreKey key, MemoryEntry moved, Instant expiry) {
            timetable.remove(moved.place());
            held.put(key, moved.withPlace(timetable.add(key, expiry)));
        }

        @Override
        public VisitResult visit(StoreKey key, MemoryEntry visited) {
            timetable.remove(visited.place());
            held.remove(key);
            return VisitResult.REMOVED;
        }
    }

    @Test
    void a_visit_looks_at_a_bounded_number_of_places_whatever_it_finds() {
        Looked records = new Looked();
        for (int i = 0; i < 20_000; i++) {
            records.enter(i, START, START.plusSeconds(7_200));
        }
        records.enter(20_000, START.plusSeconds(61), START.plusSeconds(61));

        assertThat(records.timetable.visit(START.plusSeconds(600), 100, records))
                .isZero();
        assertThat(records.looks).isEqualTo(1_000);

        int visits = 1;
        while (records.timetable.visit(START.plusSeconds(600), 100, records) == 0) {
            visits++;
        }
        assertThat(visits).as("it gets to what has expired behind them").isLessThanOrEqualTo(21);
        assertThat(records.timetable.size()).isEqualTo(20_000);
    }

    /** A clock that tells what it is made to tell. */
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
    void a_session_whose_key_is_taken_while_room_is_made_for_it_leaves_no_place() {
        StoreKey key = StoreKey.of("contested");
        AtomicReference<@Nullable MemoryStore> full = new AtomicReference<>();
        // The store asks for the time while it makes room, and at no other moment of a create.
        Clock clock = clock(() -> {
            MemoryStore other = full.getAndSet(null);
            if (other != null) {
                assertThat(other.create(key, session(1, START, null))).isTrue();
            }
            return START;
        });
        MemoryStore store = MemoryStore.builder().clock(clock).maxSessions(300).build();
        for (int i = 0; i < 300; i++) {
            store.create(StoreKey.of("key " + i), session(1, START, null));
        }
        full.set(store);

        assertThat(store.create(key, session(2, START, null))).isFalse();

        assertThat(full.get()).as("another one was faster").isNull();
        assertThat(store.places()).isEqualTo((int) store.size());
    }

    @Test
    void epochs_of_users_whose_sessions_were_ended_do_not_pile_up() {
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
