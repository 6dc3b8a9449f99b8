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
    private static final int FLAT_RATE = 400;

    private final SettableClock clock = new SettableClock();

    @Test
    void a_full_store_forgets_the_expired_first() {
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
    void a_full_store_keeps_what_has_expired_less_than_five_minutes_ago_as_long_as_others_are_idle() {
        MemoryStore store = sessions(2);
        store.create(key("expired"), expiring(10, "alice"));
        store.create(key("idle"), expiring(60, null));
        clock.advance(Duration.ofMinutes(12));

        store.create(key("new"), expiring(30, null));

        assertThat(store.load(key("expired"))).isPresent();
        assertThat(store.load(key("idle"))).isEmpty();
    }

    @Test
    void then_it_forgets_idle_sessions_without_a_subject_the_longest_idle_ones_first() {
        MemoryStore store = sessions(200);
        for (int minute = 1; minute <= 200; minute++) {
            store.create(key("session " + minute), expiring(minute, null));
        }
        store.touch(key("session 1"), 1, 2, in(500));

        store.create(key("new"), expiring(30, null));

        assertThat(store.load(key("session 1"))).as("used since").isPresent();
        assertThat(IntStream.rangeClosed(2, 65).filter(each -> present(store, each)))
                .as("the longest idle ones")
                .isEmpty();
        assertThat(IntStream.rangeClosed(66, 200).filter(each -> present(store, each)))
                .hasSize(135);
        assertThat(store.evictions()).isEqualTo(64);
        assertThat(store.size()).isEqualTo(137);
    }

    @Test
    void it_never_forgets_a_signed_in_session_and_then_refuses() {
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
        assertCounters(store, 3, 3 * FLAT_RATE);
    }

    @Test
    void one_user_takes_no_other_users_room() {
        MemoryStore store = sessions(2_000);
        for (int i = 0; i < 100_000; i++) {
            assertThat(store.create(key("alice " + i), expiring(30, "alice"))).isTrue();
        }
        assertThat(store.size()).isEqualTo(20);
        assertThat(IntStream.range(0, 20)
                        .filter(i -> store.load(key("alice " + (99_999 - i))).isPresent()))
                .as("the youngest ones")
                .hasSize(20);
        assertThat(store.evictions()).isEqualTo(99_980);

        assertThat(store.create(key("bob"), expiring(30, "bob"))).isTrue();
        assertThat(store.create(key("visitor"), expiring(30, null))).isTrue();
        assertThat(store.load(key("alice 99980"))).isPresent();
    }

    @Test
    void a_users_ceiling_can_be_set_and_counts_live_sessions_only() {
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
        assertThat(store.load(key("b"))).as("the oldest").isEmpty();
        assertThat(List.of("a", "d", "e", "of bob"))
                .allMatch(each -> store.load(key(each)).isPresent());
        assertThat(store.evictions()).isEqualTo(1);
    }

    @Test
    void a_full_store_makes_room_also_where_all_that_comes_first_was_used_since() {
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
    void bytes_have_a_ceiling_too() {
        MemoryStore store = bytes(3 * FLAT_RATE + 3_000);
        store.create(key("a"), of(1_000, 1, 10, null));
        store.create(key("b"), of(1_000, 1, 20, "bob"));
        store.create(key("c"), of(1_000, 1, 30, "carol"));

        assertThat(store.create(key("d"), of(900, 1, 40, "dora"))).isTrue();

        assertThat(store.load(key("a"))).isEmpty();
        assertCounters(store, 3, 3 * FLAT_RATE + 2_900);
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.create(key("e"), of(0, 1, 40, "eve")))
                .matches(StoreException::isNotDone);
    }

    @Test
    void growth_by_compare_and_set_is_counted_and_makes_room() {
        MemoryStore store = bytes(2 * FLAT_RATE + 2_000);
        store.create(key("idle"), of(500, 1, 10, null));
        store.create(key("growing"), of(500, 1, 20, "alice"));

        assertThat(store.compareAndSet(key("growing"), 1, of(1_900, 2, 20, "alice")))
                .isInstanceOf(Outcome.Done.class);

        assertThat(store.load(key("idle"))).isEmpty();
        assertCounters(store, 1, FLAT_RATE + 1_900);
    }

    @Test
    void growth_that_does_not_fit_is_refused_and_changes_nothing() {
        MemoryStore store = bytes(2 * FLAT_RATE + 1_000);
        store.create(key("a"), of(500, 1, 10, "alice"));
        store.create(key("b"), of(400, 1, 10, "bob"));

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> store.compareAndSet(key("a"), 1, of(601, 2, 20, "alice")))
                .matches(StoreException::isNotDone);
        assertThat(store.load(key("a")).orElseThrow().version()).isEqualTo(1);
        assertThat(store.compareAndSet(key("a"), 1, of(600, 2, 20, "alice"))).isInstanceOf(Outcome.Done.class);
        assertThat(store.compareAndSet(key("a"), 2, of(0, 3, 20, "alice"))).isInstanceOf(Outcome.Done.class);

        assertCounters(store, 2, 2 * FLAT_RATE + 400);
    }

    @Test
    void a_full_store_can_still_be_read_touched_shrunk_and_emptied() {
        MemoryStore store = bytes(FLAT_RATE + 100);
        store.create(key("a"), of(100, 1, 10, "alice"));

        assertThat(store.touch(key("a"), 1, 2, in(20))).isTrue();
        assertThat(store.compareAndSet(key("a"), 2, of(99, 3, 20, "alice"))).isInstanceOf(Outcome.Done.class);
        assertThat(store.delete(key("a"), 3)).isInstanceOf(Outcome.Done.class);

        assertCounters(store, 0, 0);
    }

    @Test
    void the_counters_are_right_after_many_threads_did_everything() {
        MemoryStore store = MemoryStore.builder()
                .clock(clock)
                .maxSessions(60)
                .maxBytes(60 * (FLAT_RATE + 200L))
                .build();
        ExpirySweep sweep = store.expirySweep().orElseThrow();
        try (Racers racers = new Racers(6)) {
            racers.race(IntStream.range(0, 6)
                    .mapToObj(racer -> (Callable<Integer>) () -> {
                        for (int i = 0; i < 3_000; i++) {
                            anythingThatFits(store, sweep);
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
                        .mapToLong(each -> each.payload().length + (long) FLAT_RATE)
                        .sum());
        store.close();
        assertCounters(store, 0, 0);
    }

    private void anythingThatFits(MemoryStore store, ExpirySweep sweep) {
        try {
            anything(store, sweep);
        } catch (StoreException e) {
            // Full for a moment, because what the others are adding cannot be evicted yet.
            assertThat(e.isNotDone()).isTrue();
        }
    }

    private void anything(MemoryStore store, ExpirySweep sweep) {
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
    void a_sweep_finds_a_session_again_whose_expiry_moved_later_many_times() {
        MemoryStore store = sessions(10);
        store.create(key("a"), expiring(1, null));
        for (int minute = 2; minute < 20; minute++) {
            assertThat(store.touch(key("a"), minute - 1, minute, in(minute))).isTrue();
            assertThat(swept(store, in(minute))).isEmpty();
        }
        assertThat(swept(store, in(20))).containsExactly(key("a"));
    }

    @Test
    void a_sweep_finds_a_session_whose_expiry_moved_earlier_and_later_again() {
        MemoryStore store = sessions(10);
        for (String subject : new String[] {"nobody", "alice"}) {
            String owner = subject.equals("nobody") ? null : subject;
            store.create(key(subject), expiring(60, owner));
            store.touch(key(subject), 1, 2, in(10));
            store.compareAndSet(key(subject), 2, of(0, 3, 5, owner));
            store.touch(key(subject), 3, 4, in(30));
            store.compareAndSet(key(subject), 4, of(0, 5, 20, owner));
        }

        assertThat(swept(store, in(20))).isEmpty();
        assertThat(swept(store, in(21))).containsExactlyInAnyOrder(key("nobody"), key("alice"));
        assertCounters(store, 0, 0);
    }

    @Test
    void a_key_that_was_deleted_and_created_anew_is_swept_by_its_new_expiry() {
        MemoryStore store = sessions(10);
        store.create(key("a"), expiring(5, null));
        store.delete(key("a"), 1);
        store.create(key("a"), expiring(30, "alice"));

        assertThat(swept(store, in(10))).isEmpty();
        assertThat(swept(store, in(31))).containsExactly(key("a"));
    }

    @Test
    void a_ceiling_is_at_least_one() {
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
    void it_shows_how_full_it_is_and_no_key_and_no_subject() {
        MemoryStore store = sessions(10);
        store.create(key("secret-key"), expiring(5, "alice"));

        assertThat(store.toString()).isEqualTo("MemoryStore[1 sessions, 400 bytes]");
    }

    // ---- small parts

    private MemoryStore sessions(long most) {
        return MemoryStore.builder().clock(clock).maxSessions(most).build();
    }

    private MemoryStore bytes(long most) {
        return MemoryStore.builder().clock(clock).maxBytes(most).build();
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

    private static List<StoreKey> swept(MemoryStore store, Instant line) {
        List<StoreKey> told = new ArrayList<>();
        store.expirySweep().orElseThrow().sweep(line, 100, (key, record) -> told.add(key));
        return told;
    }

    private static void assertCounters(MemoryStore store, long sessions, long bytes) {
        assertThat(store.size()).isEqualTo(sessions);
        assertThat(store.bytes()).isEqualTo(bytes);
    }
}
