package dev.sojourn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryStoreCeilingTest {
    private static final int OVERHEAD = 400;

    private final SettableClock clock = new SettableClock();

    @Test
    void a_full_store_evicts_expired_sessions_first() {
        MemoryStore store = sessions(3);
        store.create(key("idle"), expiring(10, null));
        store.create(key("expired, signed in"), expiring(20, "alice"));
        store.create(key("fresh"), expiring(60, null));
        store.touch(key("idle"), 1, 2, in(70));
        clock.advance(Duration.ofMinutes(26));

        assertThat(store.create(key("new"), expiring(30, null))).isTrue();

        assertThat(store.load(key("expired, signed in"))).isEmpty();
        assertThat(store.load(key("idle"))).isPresent();
        assertThat(store.load(key("fresh"))).isPresent();
        assertThat(store.evictions()).isZero();
        assertThat(store.size()).isEqualTo(3);
    }

    @Test
    void a_full_store_evicts_idle_sessions_before_those_that_expired_less_than_five_minutes_ago() {
        MemoryStore store = sessions(2);
        store.create(key("expired"), expiring(10, "alice"));
        store.create(key("idle"), expiring(60, null));
        clock.advance(Duration.ofMinutes(12));

        store.create(key("new"), expiring(30, null));

        assertThat(store.load(key("expired"))).isPresent();
        assertThat(store.load(key("idle"))).isEmpty();
    }

    @Test
    void a_full_store_evicts_sessions_without_a_subject_that_are_idle_longest() {
        MemoryStore store = sessions(200);
        for (int minute = 1; minute <= 200; minute++) {
            store.create(key("session " + minute), expiring(minute, null));
        }
        store.touch(key("session 1"), 1, 2, in(500));

        store.create(key("new"), expiring(30, null));

        assertThat(store.load(key("session 1"))).as("touched recently").isPresent();
        assertThat(IntStream.rangeClosed(2, 65).filter(each -> present(store, each)))
                .as("the sessions that are idle longest")
                .isEmpty();
        assertThat(IntStream.rangeClosed(66, 200).filter(each -> present(store, each)))
                .hasSize(135);
        assertThat(store.evictions()).isEqualTo(64);
        assertThat(store.size()).isEqualTo(137);
    }

    @Test
    void a_store_full_of_signed_in_sessions_evicts_none_and_refuses_new_ones() {
        MemoryStore store = sessions(3);
        store.create(key("a"), expiring(1, "alice"));
        store.create(key("b"), expiring(2, "bob"));
        store.create(key("c"), expiring(3, null));
        assertThat(store.create(key("d"), expiring(4, "dora"))).isTrue();

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.create(key("e"), expiring(5, "eve")))
                .matches(StoreException::isNotDone)
                .withMessageContaining("full")
                .withMessageContaining("raise the limit");

        assertThat(store.load(key("e"))).isEmpty();
        assertThat(List.of("a", "b", "d"))
                .allMatch(each -> store.load(key(each)).isPresent());
        assertCounters(store, 3, 3 * OVERHEAD);
    }

    @Test
    void one_user_cannot_fill_the_store() {
        MemoryStore store = sessions(2_000);
        for (int i = 0; i < 100_000; i++) {
            assertThat(store.create(key("alice " + i), expiring(30, "alice"))).isTrue();
        }
        assertThat(store.size()).isEqualTo(20);
        assertThat(IntStream.range(0, 20)
                        .filter(i -> store.load(key("alice " + (99_999 - i))).isPresent()))
                .as("the newest sessions")
                .hasSize(20);
        assertThat(store.evictions()).isEqualTo(99_980);

        assertThat(store.create(key("bob"), expiring(30, "bob"))).isTrue();
        assertThat(store.create(key("anonymous"), expiring(30, null))).isTrue();
        assertThat(store.load(key("alice 99980"))).isPresent();
    }

    @Test
    void the_limit_for_one_user_can_be_set_and_counts_live_sessions_only() {
        MemoryStore store = MemoryStore.builder()
                .clock(clock)
                .maxSessions(1_000)
                .maxSessionsPerUser(2)
                .build();
        store.create(key("a"), expiring(30, "alice"));
        store.create(key("b"), expiring(30, "alice"));
        store.create(key("of bob"), expiring(30, "bob"));
        store.compareAndSet(key("a"), 1, of(0, 2, 5, null));
        store.create(key("c"), expiring(30, "alice"));
        assertThat(store.load(key("b"))).as("a was retired").isPresent();

        store.delete(key("c"), 1);
        store.create(key("d"), expiring(30, "alice"));
        assertThat(store.load(key("b"))).as("c was deleted").isPresent();

        store.create(key("e"), expiring(30, "alice"));
        assertThat(store.load(key("b"))).as("the oldest session").isEmpty();
        assertThat(List.of("a", "d", "e", "of bob"))
                .allMatch(each -> store.load(key(each)).isPresent());
        assertThat(store.evictions()).isEqualTo(1);
    }

    @Test
    void a_full_store_makes_room_even_if_all_early_sessions_were_touched() {
        MemoryStore store = sessions(3_000);
        for (int i = 0; i < 3_000; i++) {
            store.create(key("session " + i), expiring(1, null));
            store.touch(key("session " + i), 1, 2, in(60));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(store.create(key("new " + i), expiring(90, null))).isTrue();
        }
        assertThat(store.size()).isBetween(2_900L, 3_000L);
    }

    @Test
    void a_create_on_a_present_key_makes_no_room() {
        MemoryStore store = sessions(1);
        store.create(key("a"), expiring(1, null));

        assertThat(store.create(key("a"), expiring(2, null))).isFalse();

        assertThat(store.evictions()).isZero();
        assertThat(store.load(key("a"))).isPresent();
    }

    @Test
    void the_number_of_bytes_is_limited_too() {
        MemoryStore store = bytes(3 * OVERHEAD + 3_000);
        store.create(key("a"), of(1_000, 1, 10, null));
        store.create(key("b"), of(1_000, 1, 20, "bob"));
        store.create(key("c"), of(1_000, 1, 30, "carol"));

        assertThat(store.create(key("d"), of(900, 1, 40, "dora"))).isTrue();

        assertThat(store.load(key("a"))).isEmpty();
        assertCounters(store, 3, 3 * OVERHEAD + 2_900);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.create(key("e"), of(0, 1, 40, "eve")))
                .matches(StoreException::isNotDone);
    }

    @Test
    void growth_by_compare_and_set_is_counted_and_makes_room() {
        MemoryStore store = bytes(2 * OVERHEAD + 2_000);
        store.create(key("idle"), of(500, 1, 10, null));
        store.create(key("growing"), of(500, 1, 20, "alice"));

        assertThat(store.compareAndSet(key("growing"), 1, of(1_900, 2, 20, "alice")))
                .isInstanceOf(Outcome.Done.class);

        assertThat(store.load(key("idle"))).isEmpty();
        assertCounters(store, 1, OVERHEAD + 1_900);
    }

    @Test
    void growth_that_does_not_fit_is_refused_and_changes_nothing() {
        MemoryStore store = bytes(2 * OVERHEAD + 1_000);
        store.create(key("a"), of(500, 1, 10, "alice"));
        store.create(key("b"), of(400, 1, 10, "bob"));

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.compareAndSet(key("a"), 1, of(601, 2, 20, "alice")))
                .matches(StoreException::isNotDone);
        assertThat(store.load(key("a")).orElseThrow().version()).isEqualTo(1);
        assertThat(store.compareAndSet(key("a"), 1, of(600, 2, 20, "alice"))).isInstanceOf(Outcome.Done.class);
        assertThat(store.compareAndSet(key("a"), 2, of(0, 3, 20, "alice"))).isInstanceOf(Outcome.Done.class);

        assertCounters(store, 2, 2 * OVERHEAD + 400);
    }

    @Test
    void a_full_store_still_allows_reads_touches_shrinking_and_deletion() {
        MemoryStore store = bytes(OVERHEAD + 100);
        store.create(key("a"), of(100, 1, 10, "alice"));

        assertThat(store.touch(key("a"), 1, 2, in(20))).isTrue();
        assertThat(store.compareAndSet(key("a"), 2, of(99, 3, 20, "alice"))).isInstanceOf(Outcome.Done.class);
        assertThat(store.delete(key("a"), 3)).isInstanceOf(Outcome.Done.class);

        assertCounters(store, 0, 0);
    }

    @Test
    void the_counters_are_right_after_concurrent_calls_of_all_kinds() {
        MemoryStore store = MemoryStore.builder()
                .clock(clock)
                .maxSessions(60)
                .maxBytes(60 * (OVERHEAD + 200L))
                .build();
        ExpirySweep sweep = store.expirySweep().orElseThrow();
        try (Racers racers = new Racers(6)) {
            racers.race(IntStream.range(0, 6)
                    .mapToObj(racer -> (Callable<Integer>) () -> {
                        for (int i = 0; i < 3_000; i++) {
                            callAnything(store, sweep);
                        }
                        return racer;
                    })
                    .toList());
        }

        List<StoredSession> left = IntStream.range(0, 100)
                .mapToObj(i -> store.load(key("key " + i)))
                .flatMap(Optional::stream)
                .toList();
        assertThat(left).isNotEmpty().hasSizeLessThanOrEqualTo(60 + 6);
        assertCounters(
                store,
                left.size(),
                left.stream()
                        .mapToLong(each -> each.payload().length + (long) OVERHEAD)
                        .sum());
        store.close();
        assertCounters(store, 0, 0);
    }

    private void callAnything(MemoryStore store, ExpirySweep sweep) {
        try {
            call(store, sweep);
        } catch (StoreException e) {
            // The store is full for a moment: the records that other threads are adding cannot be evicted yet.
            assertThat(e.isNotDone()).isTrue();
        }
    }

    private void call(MemoryStore store, ExpirySweep sweep) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        StoreKey key = key("key " + random.nextInt(100));
        String subject = key.text().endsWith("7") ? "alice" : null;
        StoredSession session = of(random.nextInt(300), random.nextInt(1, 4), random.nextInt(-30, 60), subject);
        long expected = random.nextInt(1, 4);
        switch (random.nextInt(6)) {
            case 0, 1 -> store.create(key, session);
            case 2 -> store.compareAndSet(key, expected, session);
            case 3 -> store.touch(key, expected, session.version(), session.expiresAt());
            case 4 -> store.delete(key, expected);
            default -> sweep.sweep(in(-5), 3, (each, record) -> {});
        }
    }

    @Test
    void a_sweep_finds_a_session_whose_expiry_was_extended_many_times() {
        MemoryStore store = sessions(10);
        store.create(key("a"), expiring(1, null));
        for (int minute = 2; minute < 20; minute++) {
            assertThat(store.touch(key("a"), minute - 1, minute, in(minute))).isTrue();
            assertThat(sweep(store, in(minute))).isEmpty();
        }
        assertThat(sweep(store, in(20))).containsExactly(key("a"));
    }

    @Test
    void a_sweep_finds_a_session_whose_expiry_was_shortened_and_extended() {
        MemoryStore store = sessions(10);
        for (String name : new String[] {"anonymous", "alice"}) {
            String user = name.equals("anonymous") ? null : name;
            store.create(key(name), expiring(60, user));
            store.touch(key(name), 1, 2, in(10));
            store.compareAndSet(key(name), 2, of(0, 3, 5, user));
            store.touch(key(name), 3, 4, in(30));
            store.compareAndSet(key(name), 4, of(0, 5, 20, user));
        }

        assertThat(sweep(store, in(20))).isEmpty();
        assertThat(sweep(store, in(21))).containsExactlyInAnyOrder(key("anonymous"), key("alice"));
        assertCounters(store, 0, 0);
    }

    @Test
    void a_key_that_was_created_again_is_swept_by_its_new_expiry() {
        MemoryStore store = sessions(10);
        store.create(key("a"), expiring(5, null));
        store.delete(key("a"), 1);
        store.create(key("a"), expiring(30, "alice"));

        assertThat(sweep(store, in(10))).isEmpty();
        assertThat(sweep(store, in(31))).containsExactly(key("a"));
    }

    @Test
    void each_limit_is_at_least_one() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryStore.builder().maxSessions(0))
                .withMessageContaining("maxSessions");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryStore.builder().maxSessionsPerUser(0))
                .withMessageContaining("maxSessionsPerUser");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryStore.builder().maxBytes(-1))
                .withMessageContaining("maxBytes");
    }

    @Test
    void its_text_contains_its_size_but_no_key_and_no_subject() {
        MemoryStore store = sessions(10);
        store.create(key("secret-key"), expiring(5, "alice"));

        assertThat(store.toString()).isEqualTo("MemoryStore[1 sessions, 400 bytes]");
    }

    private MemoryStore sessions(long limit) {
        return MemoryStore.builder().clock(clock).maxSessions(limit).build();
    }

    private MemoryStore bytes(long limit) {
        return MemoryStore.builder().clock(clock).maxBytes(limit).build();
    }

    private static StoreKey key(String text) {
        return StoreKey.of(text);
    }

    private Instant in(long minutes) {
        return clock.instant().plus(Duration.ofMinutes(minutes));
    }

    private StoredSession expiring(long minutes, @Nullable String subject) {
        return of(0, 1, minutes, subject);
    }

    private StoredSession of(int size, long version, long minutes, @Nullable String subject) {
        return new StoredSession(new byte[size], version, in(minutes), subject);
    }

    private static boolean present(MemoryStore store, int minute) {
        return store.load(key("session " + minute)).isPresent();
    }

    private static List<StoreKey> sweep(MemoryStore store, Instant expiredBefore) {
        List<StoreKey> reported = new ArrayList<>();
        store.expirySweep().orElseThrow().sweep(expiredBefore, 100, (key, record) -> reported.add(key));
        return reported;
    }

    private static void assertCounters(MemoryStore store, long sessions, long bytes) {
        assertThat(store.size()).isEqualTo(sessions);
        assertThat(store.bytes()).isEqualTo(bytes);
    }
}
