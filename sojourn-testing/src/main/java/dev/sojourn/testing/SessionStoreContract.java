package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.spi.UserIndex.Entry;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The rules of {@link SessionStore}, one test each. The author of a store extends this class and says how to make one:
 *
 * <pre>{@code
 * class MyStoreTest extends SessionStoreContract {
 *     @Override
 *     protected SessionStore open() {
 *         return new MyStore(emptyDatabase());
 *     }
 * }
 * }</pre>
 *
 * <p>The sweep and the index of users are tested where the store has them. Nothing here waits for time to pass; the store
 * may forget by the real clock.
 */
public abstract class SessionStoreContract {
    private static final int RACERS = 8;
    private static final int ROUNDS = 25;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private @Nullable SessionStore opened;
    private @Nullable SessionStore openedElsewhere;

    /** For subclasses. */
    protected SessionStoreContract() {}

    /**
     * Makes a store in which nothing is kept. Called once for each test.
     *
     * @return the store, closed after the test
     * @throws Exception if it cannot be made
     */
    protected abstract SessionStore open() throws Exception;

    /**
     * A second store over the same data, as another node has it: half of the racers use it. Default: the same store.
     *
     * @param first what {@link #open} gave
     * @return the store, closed after the test
     * @throws Exception if it cannot be made
     */
    protected SessionStore openAnother(SessionStore first) throws Exception {
        return first;
    }

    /**
     * Why this store forgets a record at its expiry and not five minutes later, which breaks a rule: a store over another
     * library's records, to whom a record that is there is a session that lives, has to. Instead of the tests of expired
     * records it then has to pass one of that. Default: empty, it keeps the rule.
     *
     * @return the reason, or empty
     */
    protected Optional<String> forgetsAtExpiryBecause() {
        return Optional.empty();
    }

    /** True for a store that forgets at expiry, after a look whether it really does. */
    private boolean forgetsAtExpiry() {
        Optional<String> reason = forgetsAtExpiryBecause();
        reason.ifPresent(why -> {
            StoreKey key = key();
            store().create(key, session(1, now.minusSeconds(60), "alice"));
            assertTrue(store().load(key).isEmpty(), "a record that has expired is gone: " + why);
            created(key, session(2));
            assertDone(store().compareAndSet(key, 2, session(3, now.minusSeconds(60), "alice")));
            assertTrue(store().load(key).isEmpty(), "so is one that was replaced to an expiry in the past: " + why);
        });
        return reason.isPresent();
    }

    @BeforeEach
    final void openStores() throws Exception {
        SessionStore first = open();
        opened = first;
        openedElsewhere = openAnother(first);
    }

    @AfterEach
    final void closeStores() {
        if (openedElsewhere != null && openedElsewhere != opened) {
            openedElsewhere.close();
        }
        if (opened != null) {
            opened.close();
        }
    }

    private SessionStore store() {
        if (opened == null) {
            throw new IllegalStateException("open() gave no store");
        }
        return opened;
    }

    private SessionStore store(int racer) {
        return racer % 2 == 0 || openedElsewhere == null ? store() : openedElsewhere;
    }

    // ---- create and load

    @Test
    final void what_was_never_created_is_absent() {
        assertTrue(store().load(key()).isEmpty());
    }

    @Test
    final void create_adds_a_record_that_load_gives_back_whole() {
        StoreKey key = key();
        StoredSession session = session(17);

        assertTrue(store().create(key, session));

        assertStands(session, key);
    }

    @Test
    final void create_on_a_live_record_changes_nothing() {
        StoreKey key = key();
        StoredSession first = created(key, session(1));

        assertFalse(store().create(key, session(2)));
        assertFalse(store().create(key, session(1)), "not even with the same version");

        assertStands(first, key);
    }

    @Test
    final void create_on_an_expired_record_changes_nothing() {
        if (forgetsAtExpiry()) {
            return;
        }
        StoreKey key = key();
        StoredSession expired = created(key, session(1, now.minusSeconds(60), null));

        assertFalse(store().create(key, session(2)));

        assertStands(expired, key);
    }

    @Test
    final void a_key_whose_record_was_deleted_is_free_for_create() {
        StoreKey key = key();
        created(key, session(1));
        assertDone(store().delete(key, 1));

        StoredSession second = created(key, session(2));

        assertStands(second, key);
    }

    // ---- compareAndSet

    @Test
    final void compare_and_set_replaces_the_expected_version() {
        StoreKey key = key();
        created(key, session(1));
        StoredSession replacement = session(2, now.plusSeconds(7_201), "alice");

        assertDone(store().compareAndSet(key, 1, replacement));

        assertStands(replacement, key);
    }

    @Test
    final void compare_and_set_may_shrink_the_payload_and_bring_the_expiry_forward() {
        StoreKey key = key();
        created(key, new StoredSession(new byte[5_000], 1, now.plusSeconds(7_200), "alice"));
        StoredSession replacement = new StoredSession(new byte[] {1}, 2, now.plusSeconds(300), "alice");

        assertDone(store().compareAndSet(key, 1, replacement));

        assertStands(replacement, key);
    }

    @Test
    final void compare_and_set_never_creates() {
        StoreKey key = key();

        assertGone(store().compareAndSet(key, 1, session(2)));
        assertGone(store().compareAndSet(key, 0, session(2)));

        assertTrue(store().load(key).isEmpty());
    }

    @Test
    final void compare_and_set_does_not_bring_a_deleted_record_back() {
        StoreKey key = key();
        created(key, session(1));
        assertDone(store().delete(key, 1));

        assertGone(store().compareAndSet(key, 1, session(2)));

        assertTrue(store().load(key).isEmpty());
    }

    @Test
    final void compare_and_set_of_a_stale_version_writes_nothing_and_learns_what_stands_there() {
        StoreKey key = key();
        created(key, session(1));
        StoredSession current = replaced(key, 1, session(2));

        assertLost(current, store().compareAndSet(key, 1, session(3)));

        assertStands(current, key);
    }

    @Test
    final void a_compare_and_set_that_was_done_is_not_done_again() {
        StoreKey key = key();
        created(key, session(1));
        StoredSession replacement = replaced(key, 1, session(2));

        assertLost(replacement, store().compareAndSet(key, 1, replacement));

        assertStands(replacement, key);
    }

    @Test
    final void an_expired_record_can_be_replaced_touched_and_deleted_like_any_other() {
        if (forgetsAtExpiry()) {
            return;
        }
        StoreKey key = key();
        Instant expired = now.minusSeconds(120);
        created(key, session(1, expired, "alice"));

        StoredSession replacement = replaced(key, 1, session(2, expired, "alice"));
        assertStands(replacement, key);
        assertTrue(store().touch(key, 2, 3, now.plusSeconds(60)));
        assertDone(store().delete(key, 3));

        assertTrue(store().load(key).isEmpty());
    }

    // ---- touch

    @Test
    final void touch_changes_version_and_expiry_and_keeps_payload_and_subject() {
        StoreKey key = key();
        StoredSession before = created(key, session(1));
        Instant later = now.plusSeconds(5_432).plusMillis(1);

        assertTrue(store().touch(key, 1, 2, later));

        assertStands(new StoredSession(before.payload(), 2, later, before.subject()), key);
    }

    @Test
    final void touch_may_bring_the_expiry_forward_and_keep_the_version() {
        StoreKey key = key();
        StoredSession before = created(key, session(1));
        Instant earlier = now.plusSeconds(30);

        assertTrue(store().touch(key, 1, 1, earlier));

        assertStands(new StoredSession(before.payload(), 1, earlier, before.subject()), key);
    }

    @Test
    final void touch_of_a_stale_version_changes_nothing() {
        StoreKey key = key();
        created(key, session(1));
        StoredSession current = replaced(key, 1, session(2));

        assertFalse(store().touch(key, 1, 3, now.plusSeconds(9_999)));

        assertStands(current, key);
    }

    @Test
    final void touch_never_creates() {
        StoreKey key = key();

        assertFalse(store().touch(key, 1, 2, now.plusSeconds(60)));

        assertTrue(store().load(key).isEmpty());
    }

    // ---- delete

    @Test
    final void delete_removes_the_expected_version() {
        StoreKey key = key();
        created(key, session(1));

        assertDone(store().delete(key, 1));

        assertTrue(store().load(key).isEmpty());
    }

    @Test
    final void delete_of_a_stale_version_removes_nothing_and_learns_what_stands_there() {
        StoreKey key = key();
        created(key, session(1));
        StoredSession current = replaced(key, 1, session(2));

        assertLost(current, store().delete(key, 1));

        assertStands(current, key);
    }

    @Test
    final void delete_after_a_touch_learns_the_touched_record() {
        StoreKey key = key();
        StoredSession before = created(key, session(1));
        Instant later = now.plusSeconds(8_000);
        assertTrue(store().touch(key, 1, 2, later));

        assertLost(new StoredSession(before.payload(), 2, later, before.subject()), store().delete(key, 1));
    }

    @Test
    final void delete_of_what_is_not_there_learns_that_nothing_is() {
        StoreKey key = key();
        assertGone(store().delete(key, 1));

        created(key, session(1));
        assertDone(store().delete(key, 1));

        assertGone(store().delete(key, 1));
    }

    // ---- what is given back

    @Test
    final void every_byte_value_survives() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertSurvives(new StoredSession(bytes, 1, now.plusSeconds(60), null));
    }

    @Test
    final void the_empty_payload_survives() {
        assertSurvives(new StoredSession(new byte[0], 1, now.plusSeconds(60), null));
    }

    @Test
    final void sixty_four_kibibytes_survive() {
        byte[] bytes = new byte[64 << 10];
        RANDOM.nextBytes(bytes);
        assertSurvives(new StoredSession(bytes, 1, now.plusSeconds(60), "alice"));
    }

    @Test
    final void the_expiry_keeps_its_milliseconds() {
        Instant second = now.plusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
        for (int millis : new int[] {0, 1, 9, 10, 123, 500, 998, 999}) {
            assertSurvives(new StoredSession(new byte[] {1}, 1, second.plusMillis(millis), null));
        }
    }

    @Test
    final void a_far_expiry_survives() {
        assertSurvives(session(1, now.plus(Duration.ofDays(3_650)), null));
        assertSurvives(session(1, now.plus(Duration.ofDays(20 * 365)), null));
    }

    @Test
    final void a_near_expiry_survives() {
        if (forgetsAtExpiry()) {
            return;
        }
        assertSurvives(session(1, now.plusMillis(1), null));
    }

    @Test
    final void a_version_is_any_of_the_64_bit_numbers() {
        long[] versions = {
            0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x00FF_00FF_00FF_00FFL, (1L << 53) + 1, -(1L << 53) - 1
        };
        StoreKey key = key();
        long before = 42;
        created(key, session(before));
        for (long version : versions) {
            StoredSession replacement = replaced(key, before, session(version));
            assertStands(replacement, key);
            assertTrue(store().touch(key, version, ~version, replacement.expiresAt()));
            assertEquals(~version, loaded(key).version());
            assertFalse(store().touch(key, version, 7, replacement.expiresAt()));
            before = ~version;
        }
        assertDone(store().delete(key, before));
    }

    @Test
    final void versions_are_told_apart_to_the_last_bit() {
        long version = (1L << 62) + 1;
        StoreKey key = key();
        StoredSession current = created(key, session(version));

        assertLost(current, store().compareAndSet(key, version - 1, session(5)));
        assertLost(current, store().compareAndSet(key, version + 1, session(5)));
        assertLost(current, store().compareAndSet(key, -version, session(5)));

        assertStands(current, key);
    }

    @Test
    final void a_session_without_a_subject_comes_back_without_one() {
        assertSurvives(session(1, now.plusSeconds(60), null));
    }

    @Test
    final void a_subject_comes_back_as_it_was_given() {
        List<String> subjects = List.of(
                "a",
                "Alice",
                " alice ",
                "null",
                "O'Hara; DROP TABLE users; --",
                "100%_\\",
                "a:b|c,d{e}\"f\"",
                "Zo\u00eb \u00df \u0130 \u1e9e",
                "\u5c71\u7530\u592a\u90ce",
                "\ud83d\udc69\u200d\ud83d\ude80",
                "e\u0301");
        for (String subject : subjects) {
            assertSurvives(session(1, now.plusSeconds(60), subject));
        }
    }

    @Test
    final void a_subject_may_have_256_characters() {
        assertSurvives(session(1, now.plusSeconds(60), "x".repeat(256)));
        assertSurvives(session(1, now.plusSeconds(60), "\u5c71".repeat(256)));
        assertSurvives(session(1, now.plusSeconds(60), "\ud83d\ude80".repeat(128)));
    }

    @Test
    final void keys_that_differ_in_one_character_or_in_case_are_different() {
        String text = key().text().substring(2);
        List<String> texts = List.of(
                text + "ab", text + "aB", text + "Ab", text + "AB", text + "a_", text + "a-", text + "__", text + "a");
        for (int i = 0; i < texts.size(); i++) {
            assertTrue(store().create(StoreKey.of(texts.get(i)), session(100 + i)), "key " + i + " was taken");
        }
        for (int i = 0; i < texts.size(); i++) {
            assertEquals(100 + i, loaded(StoreKey.of(texts.get(i))).version());
        }
        assertDone(store().delete(StoreKey.of(texts.get(4)), 104));
        assertTrue(store().load(StoreKey.of(texts.get(4))).isEmpty());
        for (int i : new int[] {0, 1, 2, 3, 5, 6, 7}) {
            assertTrue(store().load(StoreKey.of(texts.get(i))).isPresent(), "key " + i + " went too");
        }
    }

    @Test
    final void what_load_gave_does_not_change_with_the_record() {
        StoreKey key = key();
        StoredSession session = created(key, session(1));
        byte[] bytes = session.payload().clone();
        StoredSession before = loaded(key);

        replaced(key, 1, session(2));
        assertTrue(store().touch(key, 2, 3, now.plusSeconds(9_000)));

        assertEquals(1, before.version());
        assertArrayEquals(bytes, before.payload(), "nobody writes to a payload that was handed out");
        assertArrayEquals(bytes, session.payload(), "nobody writes to a payload that was handed in");
    }

    // ---- time

    @Test
    final void a_record_is_given_back_until_five_minutes_after_its_expiry() {
        if (forgetsAtExpiry()) {
            return;
        }
        for (int seconds : new int[] {0, 1, 60, 240}) {
            assertSurvives(session(1, now.minusSeconds(seconds), "alice"));
        }
    }

    @Test
    final void a_record_touched_or_replaced_to_an_expiry_in_the_past_is_given_back_too() {
        if (forgetsAtExpiry()) {
            return;
        }
        StoreKey touched = key();
        StoredSession session = created(touched, session(1));
        assertTrue(store().touch(touched, 1, 2, now.minusSeconds(60)));
        assertStands(new StoredSession(session.payload(), 2, now.minusSeconds(60), session.subject()), touched);

        StoreKey replaced = key();
        created(replaced, session(1));
        assertStands(replaced(replaced, 1, session(2, now.minusSeconds(60), "alice")), replaced);
    }

    @Test
    final void long_after_its_expiry_a_record_is_whole_or_absent() {
        StoreKey key = key();
        StoredSession session = session(1, now.minus(Duration.ofDays(2)), "alice");
        assertTrue(store().create(key, session));

        Optional<StoredSession> later = store().load(key);

        later.ifPresent(found -> assertSameSession(session, found));
    }

    // ---- races

    @Test
    final void of_many_creates_under_one_key_exactly_one_wins() {
        raceForOneRecord(key -> {}, (key, racer) -> {
            StoredSession mine = session(racer + 10);
            return store(racer).create(key, mine) ? Optional.of(mine) : Optional.empty();
        });
    }

    @Test
    final void of_many_replacements_of_one_version_exactly_one_wins() {
        raceForOneRecord(key -> created(key, session(1)), this::replaceAsRacer);
    }

    @Test
    final void of_many_touches_of_one_version_exactly_one_wins() {
        raceForOneRecord(key -> created(key, session(1)), this::touchAsRacer);
    }

    @Test
    final void of_many_deletes_of_one_version_exactly_one_wins() {
        try (Racers racers = new Racers(RACERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                StoreKey key = key();
                created(key, session(1));
                List<Outcome> outcomes = racers.race(tasks(racer -> store(racer).delete(key, 1)));
                long done = outcomes.stream()
                        .filter(each -> each instanceof Outcome.Done)
                        .count();
                assertEquals(1, done, "deletes that were done");
                outcomes.stream()
                        .filter(each -> each instanceof Outcome.Lost)
                        .forEach(SessionStoreContract::assertGone);
                assertTrue(store().load(key).isEmpty());
            }
        }
    }

    @Test
    final void of_replace_touch_and_delete_of_one_version_exactly_one_wins() {
        try (Racers racers = new Racers(RACERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                StoreKey key = key();
                created(key, session(1));
                List<Optional<StoredSession>> won = racers
                        .race(tasks(racer -> switch (racer % 3) {
                            case 0 -> wins(replaceAsRacer(key, racer));
                            case 1 -> wins(touchAsRacer(key, racer));
                            default -> deleteAsRacer(key, racer);
                        }))
                        .stream()
                        .flatMap(List::stream)
                        .toList();
                assertEquals(1, won.size(), "racers that won");
                won.get(0)
                        .ifPresentOrElse(
                                winner -> assertStands(winner, key),
                                () -> assertTrue(store().load(key).isEmpty()));
            }
        }
    }

    @Test
    final void no_increment_is_lost_when_losers_go_on_from_what_they_learned() {
        StoreKey key = key();
        created(key, new StoredSession(new byte[] {0}, 0, now.plusSeconds(600), null));
        try (Racers racers = new Racers(RACERS)) {
            racers.race(tasks(racer -> {
                StoredSession current = store(racer).load(key).orElseThrow();
                for (int added = 0; added < 12; ) {
                    byte[] next = {(byte) (current.payload()[0] + 1)};
                    StoredSession mine =
                            new StoredSession(next, RANDOM.nextLong(), current.expiresAt(), current.subject());
                    Outcome outcome = store(racer).compareAndSet(key, current.version(), mine);
                    if (outcome instanceof Outcome.Lost lost) {
                        current = lost.current().orElseThrow();
                    } else {
                        current = mine;
                        added++;
                    }
                }
                return racer;
            }));
        }
        assertEquals(12 * RACERS, loaded(key).payload()[0]);
    }

    /** One racer's try: what stands there now if it won. */
    private interface Try {
        Optional<StoredSession> run(StoreKey key, int racer);
    }

    private void raceForOneRecord(Consumer<StoreKey> prepare, Try attempt) {
        try (Racers racers = new Racers(RACERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                StoreKey key = key();
                prepare.accept(key);
                List<StoredSession> won = racers.race(tasks(racer -> attempt.run(key, racer))).stream()
                        .flatMap(Optional::stream)
                        .toList();
                assertEquals(1, won.size(), "racers that won");
                assertStands(won.get(0), key);
            }
        }
    }

    private Optional<StoredSession> replaceAsRacer(StoreKey key, int racer) {
        StoredSession mine = session(racer + 10);
        Outcome outcome = store(racer).compareAndSet(key, 1, mine);
        if (outcome instanceof Outcome.Lost lost) {
            lost.current().ifPresent(current -> assertNotEquals(1, current.version(), "the version a loser learns of"));
            return Optional.empty();
        }
        return Optional.of(mine);
    }

    private Optional<StoredSession> touchAsRacer(StoreKey key, int racer) {
        StoredSession before = session(1);
        Instant expiry = now.plusSeconds(1_000L + racer);
        return store(racer).touch(key, 1, racer + 10L, expiry)
                ? Optional.of(new StoredSession(before.payload(), racer + 10L, expiry, before.subject()))
                : Optional.empty();
    }

    /** Of a racer that won, what stands there now. */
    private static List<Optional<StoredSession>> wins(Optional<StoredSession> stands) {
        return stands.isPresent() ? List.of(stands) : List.of();
    }

    private List<Optional<StoredSession>> deleteAsRacer(StoreKey key, int racer) {
        return store(racer).delete(key, 1) instanceof Outcome.Done ? List.of(Optional.empty()) : List.of();
    }

    private static <T> List<Callable<T>> tasks(IntFunction<T> task) {
        return IntStream.range(0, RACERS)
                .mapToObj(racer -> (Callable<T>) () -> task.apply(racer))
                .toList();
    }

    // ---- interrupts

    @Test
    final void an_interrupted_load_answers_or_throws_and_keeps_the_interrupt() {
        StoreKey key = key();
        StoredSession session = created(key, session(1));

        interrupted(() -> store().load(key)).ifPresent(found -> assertSameSession(session, found.orElseThrow()));
    }

    @Test
    final void an_interrupted_create_answers_or_throws_and_keeps_the_interrupt() {
        StoreKey key = key();

        interrupted(() -> store().create(key, session(1))).ifPresent(done -> assertStands(session(1), key));

        assertUsable();
    }

    @Test
    final void an_interrupted_change_answers_or_throws_and_keeps_the_interrupt() {
        StoreKey key = key();
        created(key, session(1));

        interrupted(() -> store().compareAndSet(key, 1, session(2))).ifPresent(SessionStoreContract::assertDone);
        long version = loaded(key).version();
        interrupted(() -> store().touch(key, version, 3, now.plusSeconds(900))).ifPresent(Assertions::assertTrue);
        long touched = loaded(key).version();
        interrupted(() -> store().delete(key, touched)).ifPresent(SessionStoreContract::assertDone);

        assertUsable();
    }

    /** What the call gave, or nothing if it threw what it may throw. */
    private static <T> Optional<T> interrupted(Supplier<T> call) {
        Thread.currentThread().interrupt();
        try {
            return Optional.of(call.get());
        } catch (StoreException e) {
            return Optional.empty();
        } finally {
            assertTrue(Thread.interrupted(), "the interrupt was swallowed");
        }
    }

    private void assertUsable() {
        StoreKey key = key();
        assertStands(created(key, session(1)), key);
    }

    // ---- what a store may have

    @Test
    final void what_a_store_can_do_is_the_same_each_time() {
        boolean sweeps = store().expirySweep().isPresent();
        boolean indexes = store().userIndex().isPresent();
        boolean tellsTime = store().storeClock().isPresent();
        created(key(), session(1));
        for (int i = 0; i < 3; i++) {
            assertEquals(sweeps, store().expirySweep().isPresent(), "expirySweep()");
            assertEquals(indexes, store().userIndex().isPresent(), "userIndex()");
            assertEquals(tellsTime, store().storeClock().isPresent(), "storeClock()");
        }
        assertTrue(tellsTime || !sweeps, "a store that is swept tells its own time: no sweep goes by one node's clock");
    }

    @TestFactory
    final Stream<DynamicTest> the_expiry_sweep() {
        return store().expirySweep().isEmpty()
                ? Stream.empty()
                : Stream.of(
                        fresh("takes_only_what_expired_before_the_instant", this::sweepTakesOnlyTheExpired),
                        fresh("tells_the_whole_record_before_it_is_forgotten", this::sweepTellsTheWholeRecord),
                        fresh("takes_at_most_the_limit_and_the_rest_later", this::sweepKeepsToTheLimit),
                        fresh("keeps_a_record_whose_delivery_fails_and_tells_it_again", this::sweepTellsAgain),
                        fresh("keeps_no_other_record_because_one_cannot_be_delivered", this::sweepGoesOnBehindTheBad),
                        fresh(
                                "gets_to_every_other_record_also_where_as_many_as_it_may_take_cannot_be_delivered",
                                this::sweepGetsPastTheBad),
                        fresh("leaves_a_record_alone_that_was_touched_or_replaced", this::sweepLeavesTheTouched),
                        fresh("leaves_a_record_alone_that_is_touched_during_delivery", this::sweepLosesToATouch),
                        fresh("finds_a_record_whose_expiry_was_brought_forward", this::sweepFindsEarlierExpiries),
                        fresh("does_not_tell_of_a_deleted_record", this::sweepSkipsTheDeleted),
                        fresh("leaves_the_work_to_a_node_that_sweeps_already", this::sweepLeavesItToTheFirst));
    }

    @TestFactory
    final Stream<DynamicTest> the_subject_index() {
        return store().userIndex().isEmpty()
                ? Stream.empty()
                : Stream.of(
                        fresh("names_every_live_session_of_a_user", this::indexNamesAll),
                        fresh("gives_pages_in_one_order_without_gaps", this::indexGivesPages),
                        fresh("goes_on_behind_a_key_that_is_gone", this::indexGoesOnBehindTheGone),
                        fresh("misses_none_that_is_to_end_earlier_meanwhile", this::indexMissesNoneThatEndsEarlier),
                        fresh("still_names_what_was_touched_and_replaced", this::indexKeepsTheChanged),
                        fresh("names_what_many_created_at_once", this::indexNamesTheConcurrent),
                        fresh("takes_any_subject_literally", this::indexTakesSubjectsLiterally),
                        fresh("drops_no_entry_that_was_made_anew", this::indexDropsNothingLive),
                        fresh("never_shortens_an_entry", this::indexNeverShortens),
                        fresh("forgets_what_was_dropped", this::indexForgetsTheDropped),
                        fresh("forgets_what_was_left", this::indexForgetsTheLeft),
                        fresh("names_no_record_whose_subject_was_taken_off", this::indexNamesNoRetired),
                        fresh("keeps_an_epoch_whatever_the_clock_of_a_node_says", this::indexKeepsEpochsForAnHour),
                        fresh("has_an_epoch_for_each_user", this::indexHasAnEpochForEachUser),
                        fresh(
                                "a_creation_and_an_end_of_all_never_overlook_each_other",
                                this::indexToldOfAnAdvanceFindsWhatWasEnteredBefore));
    }

    /** A test of its own store: dynamic tests share what is made before each method. */
    private DynamicTest fresh(String name, Runnable test) {
        return dynamicTest(name, () -> {
            closeStores();
            openStores();
            test.run();
        });
    }

    // ---- the sweep

    private ExpirySweep sweep() {
        return store().expirySweep().orElseThrow();
    }

    private void sweepTakesOnlyTheExpired() {
        Instant line = now.minus(Duration.ofMinutes(6));
        Set<StoreKey> expired = new HashSet<>();
        Set<StoreKey> kept = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            expired.add(created(line.minusMillis(1L + i * 40_000L), i % 2 == 0 ? null : "alice"));
            kept.add(created(line.plusMillis(i * 40_000L), i % 2 == 0 ? null : "alice"));
        }
        kept.add(created(now.plusSeconds(60), null));

        assertEquals(expired, new HashSet<>(swept(line, 100)));

        expired.forEach(key -> assertTrue(store().load(key).isEmpty(), "a swept record is gone"));
        kept.stream()
                .filter(key -> store().load(key).isEmpty())
                .forEach(key -> fail("a record went that had not expired before the instant"));
        assertEquals(List.of(), swept(line, 100));
    }

    private void sweepTellsTheWholeRecord() {
        StoreKey key = key();
        StoredSession session = created(key, session(7, now.minusSeconds(700), "alice"));
        List<StoredSession> told = new ArrayList<>();

        int count = sweep().sweep(now.minusSeconds(400), 10, (each, record) -> {
            assertEquals(key, each);
            assertTrue(store().load(key).isPresent(), "it is told before it is forgotten");
            told.add(record);
        });

        assertEquals(1, count);
        assertEquals(1, told.size());
        assertSameSession(session, told.get(0));
    }

    private void sweepKeepsToTheLimit() {
        Set<StoreKey> keys = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            keys.add(created(now.minusSeconds(700L + i * 61L), i % 2 == 0 ? null : "alice"));
        }
        Set<StoreKey> swept = new HashSet<>();
        for (int expected : new int[] {3, 3, 1, 0}) {
            List<StoreKey> some = swept(now.minusSeconds(600), 3);
            assertEquals(expected, some.size());
            swept.addAll(some);
        }
        assertEquals(keys, swept);
    }

    private void sweepTellsAgain() {
        StoreKey key = created(now.minusSeconds(700), "alice");
        RuntimeException problem = new IllegalStateException("the listener is out of order");

        RuntimeException thrown = assertThrows(
                RuntimeException.class,
                () -> sweep().sweep(now.minusSeconds(600), 10, (each, record) -> {
                    throw problem;
                }));

        assertSame(problem, thrown, "what deliver throws goes up");
        assertTrue(store().load(key).isPresent(), "the record stays");
        assertEquals(List.of(key), swept(now.minusSeconds(600), 10));
    }

    private void sweepGoesOnBehindTheBad() {
        Set<StoreKey> bad = new HashSet<>();
        Set<StoreKey> good = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            (i % 4 == 1 ? bad : good).add(created(now.minusSeconds(700L + i * 61L), i % 2 == 0 ? null : "alice"));
        }
        RuntimeException problem = new IllegalStateException("the listener does not like this one");
        Set<StoreKey> told = new HashSet<>();
        // A call may stop at a failure; the next ones go on behind it, and come round.
        for (int call = 0; call < 2 * bad.size() + 2; call++) {
            try {
                sweep().sweep(now.minusSeconds(600), 100, (key, record) -> {
                    if (bad.contains(key)) {
                        throw problem;
                    }
                    assertTrue(told.add(key), "told once, as it was forgotten then");
                });
            } catch (IllegalStateException e) {
                assertSame(problem, e, "what deliver throws goes up");
            }
        }

        assertEquals(good, told);
        good.forEach(key -> assertTrue(store().load(key).isEmpty(), "a record that was delivered is gone"));
        bad.forEach(key -> assertTrue(store().load(key).isPresent(), "a record that was not stays"));
        assertEquals(bad, new HashSet<>(swept(now.minusSeconds(600), 100)));
    }

    private void sweepGetsPastTheBad() {
        Set<StoreKey> bad = new HashSet<>();
        Set<StoreKey> good = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            (i < 6 ? bad : good).add(created(now.minusSeconds(1_400L - i * 61L), i % 2 == 0 ? null : "alice"));
        }
        int limit = bad.size() / 2;
        Set<StoreKey> told = new HashSet<>();
        for (int call = 0; call < 10 * bad.size() && !told.equals(good); call++) {
            try {
                sweep().sweep(now.minusSeconds(600), limit, (key, record) -> {
                    if (bad.contains(key)) {
                        throw new IllegalStateException("the listener does not like this one");
                    }
                    told.add(key);
                });
            } catch (IllegalStateException e) {
                // Another call goes on behind it.
            }
        }

        assertEquals(good, told, "records that can be delivered do not wait for those that cannot");
    }

    private void sweepLeavesTheTouched() {
        StoreKey touched = created(now.minusSeconds(700), null);
        StoreKey replaced = created(now.minusSeconds(700), "alice");
        assertTrue(store().touch(touched, 1, 2, now.plusSeconds(60)));
        assertDone(store().compareAndSet(replaced, 1, session(2, now.plusSeconds(60), "alice")));

        assertEquals(List.of(), swept(now.minusSeconds(600), 10));

        assertTrue(store().load(touched).isPresent());
        assertTrue(store().load(replaced).isPresent());
    }

    private void sweepLosesToATouch() {
        StoreKey key = created(now.minusSeconds(700), "alice");
        boolean[] touched = {false};

        int count = sweep().sweep(
                        now.minusSeconds(600),
                        10,
                        (each, record) -> touched[0] = store().touch(each, record.version(), 2, now.plusSeconds(60)));

        assertEquals(touched[0] ? 0 : 1, count, "how many were forgotten");
        assertEquals(touched[0], store().load(key).isPresent(), "a touch that was done is not undone");
    }

    private void sweepFindsEarlierExpiries() {
        StoreKey touched = created(now.plusSeconds(3_600), null);
        StoreKey replaced = created(now.plusSeconds(3_600), "alice");
        assertTrue(store().touch(touched, 1, 2, now.minusSeconds(700)));
        assertDone(store().compareAndSet(replaced, 1, session(2, now.minusSeconds(700), "alice")));

        assertEquals(Set.of(touched, replaced), new HashSet<>(swept(now.minusSeconds(600), 10)));
    }

    private void sweepSkipsTheDeleted() {
        StoreKey key = created(now.minusSeconds(700), "alice");
        assertDone(store().delete(key, 1));

        assertEquals(List.of(), swept(now.minusSeconds(600), 10));
    }

    private void sweepLeavesItToTheFirst() {
        StoreKey key = created(now.minusSeconds(700), "alice");
        List<StoreKey> second = new ArrayList<>();

        int count = sweep().sweep(
                        now.minusSeconds(600),
                        10,
                        (each, record) -> store(1).expirySweep()
                                .orElseThrow()
                                .sweep(now.minusSeconds(600), 10, (again, same) -> second.add(again)));

        assertEquals(1, count);
        assertEquals(List.of(), second, "the second node returns without telling anybody");
        assertTrue(store().load(key).isEmpty());
    }

    private List<StoreKey> swept(Instant line, int limit) {
        List<StoreKey> told = new ArrayList<>();
        int count = sweep().sweep(line, limit, (key, record) -> told.add(key));
        assertEquals(told.size(), count, "how many were forgotten");
        return told;
    }

    // ---- the index

    private UserIndex index() {
        return store().userIndex().orElseThrow();
    }

    private void indexNamesAll() {
        Set<StoreKey> keys = createdFor("alice", 25);
        createdFor("bob", 3);
        created(key(), session(1, now.plusSeconds(600), null));

        assertTrue(named("alice", 100).containsAll(keys));
    }

    private void indexGivesPages() {
        Set<StoreKey> keys = createdFor("alice", 10);
        for (int limit : new int[] {1, 3, 10, 11}) {
            List<StoreKey> named = named("alice", limit);
            assertEquals(new HashSet<>(named).size(), named.size(), "no key is named twice");
            assertTrue(named.containsAll(keys), "no gap between pages of " + limit);
            assertEquals(named, named("alice", 100), "one order");
        }
    }

    private void indexGoesOnBehindTheGone() {
        createdFor("alice", 9);
        List<Entry> all = index().find("alice", null, 100);
        Entry third = all.get(2);
        assertDone(store().delete(third.key(), 1));
        index().drop("alice", third);

        assertTrue(keys(index().find("alice", third, 100)).containsAll(keys(all.subList(3, all.size()))));
    }

    private void indexMissesNoneThatEndsEarlier() {
        Set<StoreKey> keys = createdFor("alice", 10);
        Set<StoreKey> named = new HashSet<>();
        for (Entry last = null; ; ) {
            List<Entry> page = index().find("alice", last, 3);
            named.addAll(keys(page));
            if (page.size() < 3) {
                assertTrue(named.containsAll(keys), "what has moved before the page is named all the same");
                return;
            }
            last = page.get(2);
            // What was not named yet comes to its end before everything that was.
            for (StoreKey each : keys) {
                if (!named.contains(each)) {
                    index().enter("alice", each, now.plusSeconds(60));
                }
            }
        }
    }

    private void indexKeepsTheChanged() {
        StoreKey key = createdFor("alice", now.plusSeconds(600));
        assertTrue(store().touch(key, 1, 2, now.plusSeconds(700)));
        assertTrue(named("alice", 100).contains(key));

        replaced(key, 2, session(3, now.plusSeconds(800), "alice"));
        assertTrue(named("alice", 100).contains(key));
    }

    private void indexNamesTheConcurrent() {
        try (Racers racers = new Racers(RACERS)) {
            List<StoreKey> keys = racers.race(tasks(racer -> {
                StoreKey key = key();
                UserIndex index = store(racer).userIndex().orElseThrow();
                index.enter("alice", key, now.plusSeconds(600));
                assertTrue(store(racer).create(key, session(racer, now.plusSeconds(600), "alice")));
                assertTrue(named("alice", 100).contains(key), "what was created before the call is named");
                return key;
            }));
            assertTrue(named("alice", 100).containsAll(keys));
        }
    }

    private void indexTakesSubjectsLiterally() {
        List<String> subjects = List.of("100%_\\", "O'Hara", " alice ", "\u5c71".repeat(256), "a:b*?[c]", "Zo\u00eb");
        for (String subject : subjects) {
            Set<StoreKey> keys = createdFor(subject, 2);
            assertTrue(named(subject, 1).containsAll(keys));
        }
    }

    private void indexDropsNothingLive() {
        StoreKey key = createdFor("alice", now.plusSeconds(600));
        Entry seen = entry("alice", key);
        index().enter("alice", key, seen.keepUntil().plusMillis(1));

        index().drop("alice", seen);

        assertTrue(named("alice", 100).contains(key), "an entry made anew stays");
    }

    private void indexNeverShortens() {
        StoreKey key = createdFor("alice", now.plusSeconds(600));
        index().enter("alice", key, now.plusSeconds(900));
        Entry longest = entry("alice", key);

        index().enter("alice", key, now.plusSeconds(700));

        assertFalse(entry("alice", key).keepUntil().isBefore(longest.keepUntil()), "the later keepUntil stays");
    }

    private void indexForgetsTheDropped() {
        StoreKey key = createdFor("alice", now.plusSeconds(600));
        StoreKey other = createdFor("alice", now.plusSeconds(600));
        Entry seen = entry("alice", key);
        assertDone(store().delete(key, 1));

        index().drop("alice", seen);

        assertEquals(List.of(other), named("alice", 100));
        index().drop("alice", seen);
        assertEquals(List.of(other), named("alice", 100), "dropped once is dropped");
    }

    private void indexForgetsTheLeft() {
        StoreKey key = createdFor("alice", now.plusSeconds(600));
        StoreKey other = createdFor("alice", now.plusSeconds(600));
        assertDone(store().delete(key, 1));

        index().removeKey("alice", key);

        assertEquals(List.of(other), named("alice", 100));
    }

    private void indexNamesNoRetired() {
        StoreKey key = createdFor("alice", now.plusSeconds(600));
        StoreKey other = createdFor("alice", now.plusSeconds(600));
        StoredSession retired = replaced(key, 1, session(2, now.plusSeconds(300), null));

        index().removeKey("alice", key);

        assertStands(retired, key);
        assertEquals(List.of(other), named("alice", 100));
        assertDone(store().delete(key, 2));
        assertEquals(List.of(other), named("alice", 100));
    }

    private void indexKeepsEpochsForAnHour() {
        StoreKey key = key();
        Instant until = now.plusSeconds(600);
        index().advanceEpoch("alice", now.minus(Duration.ofDays(3_650)));
        long epoch = index().enter("alice", key, until);
        assertNotEquals(0, epoch, "a node whose clock is ten years behind has advanced it");
        index().advanceEpoch("bob", now.plusSeconds(60));
        store().expirySweep().ifPresent(sweep -> sweep.sweep(now, 100, (each, record) -> {}));
        assertEquals(epoch, index().enter("alice", key, until), "no sweep forgets it before an hour has passed");
    }

    private void indexHasAnEpochForEachUser() {
        StoreKey key = key();
        Instant until = now.plusSeconds(600);
        assertEquals(0, index().enter("alice", key, until), "never advanced");

        index().advanceEpoch("alice", now.plusSeconds(3_600));
        long first = index().enter("alice", key, until);
        assertNotEquals(0, first);
        assertEquals(first, index().enter("alice", key(), until), "it stays until it is advanced");
        assertEquals(first, store(1).userIndex().orElseThrow().enter("alice", key, until), "on every node");
        assertEquals(0, index().enter("bob", key(), until), "each user has one");

        index().advanceEpoch("alice", now.plusSeconds(3_600));
        long second = index().enter("alice", key, until);
        assertTrue(second != 0 && second != first, "a value it has not had");
    }

    private void indexToldOfAnAdvanceFindsWhatWasEnteredBefore() {
        try (Racers racers = new Racers(2)) {
            for (int i = 0; i < ROUNDS; i++) {
                String subject = "user" + i;
                StoreKey key = key();
                List<Boolean> seen = racers.race(List.of(
                        () -> {
                            UserIndex index = store(0).userIndex().orElseThrow();
                            long before = index.enter(subject, key, now.plusSeconds(600));
                            assertTrue(store(0).create(key, session(1, now.plusSeconds(600), subject)));
                            // An epoch from the start means that the end came first, and ended nothing of this.
                            return before != 0 || index.enter(subject, key, now.plusSeconds(601)) != 0;
                        },
                        () -> {
                            UserIndex index = store(1).userIndex().orElseThrow();
                            index.advanceEpoch(subject, now.plusSeconds(3_600));
                            return keys(index.find(subject, null, 100)).contains(key)
                                    && store(1).load(key).isPresent();
                        }));
                assertTrue(
                        seen.get(0) || seen.get(1),
                        "whoever creates hears of the end, or whoever ends sees the record");
            }
        }
    }

    private Entry entry(String subject, StoreKey key) {
        return index().find(subject, null, 100).stream()
                .filter(each -> each.key().equals(key))
                .findAny()
                .orElseThrow();
    }

    private StoreKey createdFor(String subject, Instant until) {
        StoreKey key = key();
        index().enter(subject, key, until);
        created(key, session(1, until, subject));
        index().enter(subject, key, until.plusMillis(1));
        return key;
    }

    private Set<StoreKey> createdFor(String subject, int count) {
        Set<StoreKey> keys = new HashSet<>();
        for (int i = 0; i < count; i++) {
            keys.add(createdFor(subject, now.plusSeconds(600L + i)));
        }
        return keys;
    }

    private List<StoreKey> named(String subject, int limit) {
        List<StoreKey> named = new ArrayList<>();
        Entry last = null;
        while (true) {
            List<Entry> page = index().find(subject, last, limit);
            assertTrue(page.size() <= limit, "at most the limit");
            assertFalse(last != null && keys(page).contains(last.key()), "the last entry is not named again");
            named.addAll(keys(page));
            if (page.size() < limit) {
                return named;
            }
            last = page.get(page.size() - 1);
        }
    }

    private static List<StoreKey> keys(List<Entry> entries) {
        return entries.stream().map(Entry::key).toList();
    }

    // ---- small parts

    private static StoreKey key() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return StoreKey.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** A session whose payload tells its version. */
    private StoredSession session(long version) {
        return session(version, now.plusSeconds(600).plusMillis(123), "alice");
    }

    private static StoredSession session(long version, Instant expiresAt, @Nullable String subject) {
        byte[] payload = ("{\"v\":" + version + "}").getBytes(StandardCharsets.UTF_8);
        return new StoredSession(payload, version, expiresAt, subject);
    }

    private StoredSession created(StoreKey key, StoredSession session) {
        assertTrue(store().create(key, session), "create on a free key");
        return session;
    }

    private StoreKey created(Instant expiresAt, @Nullable String subject) {
        StoreKey key = key();
        created(key, session(1, expiresAt, subject));
        return key;
    }

    private StoredSession replaced(StoreKey key, long expected, StoredSession replacement) {
        assertDone(store().compareAndSet(key, expected, replacement));
        return replacement;
    }

    private StoredSession loaded(StoreKey key) {
        return store().load(key).orElseThrow(() -> new AssertionError("the record is gone"));
    }

    private void assertSurvives(StoredSession session) {
        StoreKey byCreate = key();
        created(byCreate, session);
        assertStands(session, byCreate);

        StoreKey bySet = key();
        long other = session.version() + 1;
        created(bySet, session(other, now.plusSeconds(60), session.subject()));
        replaced(bySet, other, session);
        assertStands(session, bySet);
        assertLost(session, store().delete(bySet, other));
    }

    /** On both nodes. */
    private void assertStands(StoredSession expected, StoreKey key) {
        assertSameSession(expected, loaded(key));
        assertSameSession(
                expected, store(1).load(key).orElseThrow(() -> new AssertionError("the other node does not see it")));
    }

    private static void assertSameSession(StoredSession expected, StoredSession actual) {
        assertEquals(expected.version(), actual.version(), "version");
        assertArrayEquals(expected.payload(), actual.payload(), "payload");
        assertEquals(expected.expiresAt(), actual.expiresAt(), "expiry");
        assertEquals(expected.subject(), actual.subject(), "subject");
    }

    private static void assertDone(Outcome outcome) {
        assertInstanceOf(Outcome.Done.class, outcome, "it names the version that stands there");
    }

    private static void assertLost(StoredSession current, Outcome outcome) {
        Outcome.Lost lost = assertInstanceOf(Outcome.Lost.class, outcome, "it names another version");
        assertSameSession(
                current, lost.current().orElseThrow(() -> new AssertionError("a loser learns what stands there")));
    }

    private static void assertGone(Outcome outcome) {
        Outcome.Lost lost = assertInstanceOf(Outcome.Lost.class, outcome, "there is no record");
        assertTrue(lost.current().isEmpty(), "a loser learns that nothing stands there");
    }
}
