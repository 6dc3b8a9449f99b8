package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.OnLimit;
import dev.sojourn.Sessions;
import dev.sojourn.TooManySessionsException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.spi.UserIndex.Entry;
import dev.sojourn.testing.SessionStoreContract.Capability;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The part of the {@link SessionStoreContract} about the {@link UserIndex}. */
abstract class StoreContractUserIndex extends StoreContractSweep {
    @TestFactory
    final Stream<DynamicTest> user_index() {
        return has(Capability.USER_INDEX)
                ? Stream.of(
                        rule("finds_every_live_session_of_a_user", this::findsAll),
                        rule("returns_pages_in_one_order_without_gaps", this::returnsPages),
                        rule("continues_after_an_entry_that_was_dropped", this::continuesAfterADroppedEntry),
                        rule("misses_no_entry_whose_end_moves_between_pages", this::missesNoMovedEntry),
                        rule("finds_touched_and_replaced_records", this::findsTheChanged),
                        rule("finds_concurrently_created_records", this::findsTheConcurrent),
                        rule("takes_any_subject_literally", this::takesSubjectsLiterally),
                        rule("does_not_drop_an_entry_that_was_entered_again", this::keepsTheEnteredAgain),
                        rule("never_shortens_an_entry", this::neverShortens),
                        rule("no_longer_returns_a_dropped_entry", this::dropsAnEntry),
                        rule("no_longer_returns_a_removed_key", this::removesAKey),
                        rule("does_not_return_a_record_whose_subject_was_removed", this::ignoresTheRetired),
                        rule("keeps_an_epoch_for_an_hour_despite_wrong_clocks", this::keepsEpochsForAnHour),
                        rule("has_an_epoch_for_each_user", this::hasAnEpochForEachUser),
                        rule("never_lets_a_creation_and_an_end_of_all_miss_each_other", this::creationAndEndOfAllMeet),
                        rule("refuses_exactly_the_logins_over_the_limit_of_a_user", this::refusesLogins),
                        rule("ends_exactly_the_sessions_over_the_limit_of_a_user", this::endsOldest))
                : Stream.of(rule(
                        "is_missing_as_declared",
                        () -> assertTrue(store().userIndex().isEmpty(), "the store has a userIndex()")));
    }

    private UserIndex index() {
        return store().userIndex().orElseThrow();
    }

    private UserIndex index(int racer) {
        return store(racer).userIndex().orElseThrow();
    }

    // ---- find

    private void findsAll() {
        Set<StoreKey> keys = createFor("alice", 25);
        createFor("bob", 3);
        create(key(), session(1, now.plusSeconds(600), null));

        assertTrue(findAll("alice", 100).containsAll(keys));
    }

    private void returnsPages() {
        Set<StoreKey> keys = createFor("alice", 10);
        for (int limit : new int[] {1, 3, 10, 11}) {
            List<StoreKey> found = findAll("alice", limit);
            assertEquals(new HashSet<>(found).size(), found.size(), "no key is returned twice");
            assertTrue(found.containsAll(keys), "no gap between pages of " + limit);
            assertEquals(found, findAll("alice", 100), "the order is the same for all limits");
        }
    }

    private void continuesAfterADroppedEntry() {
        createFor("alice", 9);
        List<Entry> all = index().find("alice", null, 100);
        Entry third = all.get(2);
        assertDone(store().delete(third.key(), 1));
        index().drop("alice", third);

        assertTrue(keys(index().find("alice", third, 100)).containsAll(keys(all.subList(3, all.size()))));
    }

    private void missesNoMovedEntry() {
        Set<StoreKey> keys = createFor("alice", 10);
        Set<StoreKey> found = new HashSet<>();
        for (Entry last = null; ; ) {
            List<Entry> page = index().find("alice", last, 3);
            found.addAll(keys(page));
            if (page.size() < 3) {
                assertTrue(found.containsAll(keys), "an entry that moves before the page is returned too");
                return;
            }
            last = page.get(2);
            // Every entry that was not returned yet now ends before all that were.
            for (StoreKey each : keys) {
                if (!found.contains(each)) {
                    index().enter("alice", each, now.plusSeconds(60));
                }
            }
        }
    }

    private void findsTheChanged() {
        StoreKey key = createFor("alice", now.plusSeconds(600));
        assertTrue(store().touch(key, 1, 2, now.plusSeconds(700)));
        assertTrue(findAll("alice", 100).contains(key));

        replace(key, 2, session(3, now.plusSeconds(800), "alice"));
        assertTrue(findAll("alice", 100).contains(key));
    }

    private void findsTheConcurrent() {
        try (Racers racers = new Racers(RACERS)) {
            List<StoreKey> keys = racers.race(tasks(racer -> {
                StoreKey key = key();
                index(racer).enter("alice", key, now.plusSeconds(600));
                assertTrue(store(racer).create(key, session(racer, now.plusSeconds(600), "alice")));
                assertTrue(findAll("alice", 100).contains(key), "a record that was created before the call is found");
                return key;
            }));
            assertTrue(findAll("alice", 100).containsAll(keys));
        }
    }

    private void takesSubjectsLiterally() {
        List<String> subjects = List.of("100%_\\", "O'Hara", " alice ", "\u5c71".repeat(256), "a:b*?[c]", "Zo\u00eb");
        for (String subject : subjects) {
            Set<StoreKey> keys = createFor(subject, 2);
            assertTrue(findAll(subject, 1).containsAll(keys));
        }
    }

    // ---- enter, drop and removeKey

    private void keepsTheEnteredAgain() {
        StoreKey key = createFor("alice", now.plusSeconds(600));
        Entry seen = entry("alice", key);
        index().enter("alice", key, seen.keepUntil().plusMillis(1));

        index().drop("alice", seen);

        assertTrue(findAll("alice", 100).contains(key), "an entry that was entered again stays");
    }

    private void neverShortens() {
        StoreKey key = createFor("alice", now.plusSeconds(600));
        index().enter("alice", key, now.plusSeconds(900));
        Entry longest = entry("alice", key);

        index().enter("alice", key, now.plusSeconds(700));

        assertFalse(entry("alice", key).keepUntil().isBefore(longest.keepUntil()), "the later keepUntil applies");
    }

    private void dropsAnEntry() {
        StoreKey key = createFor("alice", now.plusSeconds(600));
        StoreKey other = createFor("alice", now.plusSeconds(600));
        Entry seen = entry("alice", key);
        assertDone(store().delete(key, 1));

        index().drop("alice", seen);

        assertEquals(List.of(other), findAll("alice", 100));
        index().drop("alice", seen);
        assertEquals(List.of(other), findAll("alice", 100), "a second drop has no effect");
    }

    private void removesAKey() {
        StoreKey key = createFor("alice", now.plusSeconds(600));
        StoreKey other = createFor("alice", now.plusSeconds(600));
        assertDone(store().delete(key, 1));

        index().removeKey("alice", key);

        assertEquals(List.of(other), findAll("alice", 100));
    }

    private void ignoresTheRetired() {
        StoreKey key = createFor("alice", now.plusSeconds(600));
        StoreKey other = createFor("alice", now.plusSeconds(600));
        StoredSession retired = replace(key, 1, session(2, now.plusSeconds(300), null));

        index().removeKey("alice", key);

        assertStored(retired, key);
        assertEquals(List.of(other), findAll("alice", 100));
        assertDone(store().delete(key, 2));
        assertEquals(List.of(other), findAll("alice", 100));
    }

    // ---- epochs

    private void keepsEpochsForAnHour() {
        StoreKey key = key();
        Instant until = now.plusSeconds(600);
        index().advanceEpoch("alice", now.minus(Duration.ofDays(3_650)));
        long epoch = index().enter("alice", key, until);
        assertNotEquals(0, epoch, "a node whose clock is ten years behind advances the epoch");
        index().advanceEpoch("bob", now.plusSeconds(60));
        store().expirySweep().ifPresent(sweep -> sweep.sweep(now, 100, (each, record) -> {}));
        assertEquals(epoch, index().enter("alice", key, until), "no sweep drops it before an hour has passed");
    }

    private void hasAnEpochForEachUser() {
        StoreKey key = key();
        Instant until = now.plusSeconds(600);
        assertEquals(0, index().enter("alice", key, until), "an epoch that was never advanced is 0");

        index().advanceEpoch("alice", now.plusSeconds(3_600));
        long first = index().enter("alice", key, until);
        assertNotEquals(0, first);
        assertEquals(first, index().enter("alice", key(), until), "it stays until it is advanced");
        assertEquals(first, index(1).enter("alice", key, until), "it is the same on every node");
        assertEquals(0, index().enter("bob", key(), until), "each user has one");

        index().advanceEpoch("alice", now.plusSeconds(3_600));
        long second = index().enter("alice", key, until);
        assertTrue(second != 0 && second != first, "each advance gives a value that it has not had");
    }

    private void creationAndEndOfAllMeet() {
        try (Racers racers = new Racers(2)) {
            for (int i = 0; i < ROUNDS; i++) {
                String subject = "user" + i;
                StoreKey key = key();
                List<Boolean> noticed = racers.race(List.of(
                        () -> {
                            long before = index(0).enter(subject, key, now.plusSeconds(600));
                            assertTrue(store(0).create(key, session(1, now.plusSeconds(600), subject)));
                            // An epoch other than 0 at the start means that the end came before this creation.
                            return before != 0 || index(0).enter(subject, key, now.plusSeconds(601)) != 0;
                        },
                        () -> {
                            index(1).advanceEpoch(subject, now.plusSeconds(3_600));
                            return keys(index(1).find(subject, null, 100)).contains(key)
                                    && store(1).load(key).isPresent();
                        }));
                assertTrue(
                        noticed.get(0) || noticed.get(1),
                        "either the creation notices the advanced epoch, or the end of all finds the record");
            }
        }
    }

    // ---- limits

    private static final int LOGINS = 50;
    private static final int ALLOWED = 3;

    private void refusesLogins() {
        long signedIn = concurrentLogins(OnLimit.REFUSE_LOGIN);

        assertEquals(ALLOWED, signedIn, "number of logins that were not refused");
    }

    private void endsOldest() {
        long signedIn = concurrentLogins(OnLimit.END_OLDEST);

        assertEquals(LOGINS, signedIn, "number of logins that were not refused");
    }

    /** Returns how many of the logins on two nodes were not refused. */
    private long concurrentLogins(OnLimit onLimit) {
        List<Sessions> nodes = Stream.of(store(0), store(1))
                .map(store -> Sessions.create(c -> c.secret("qV9xT2mK7wZ4rB8nL1cY6hJ3pD5sF0gA")
                        .store(store)
                        .maxSessionsPerUser(ALLOWED, onLimit)))
                .toList();
        List<TestClient> clients = new ArrayList<>();
        List<Callable<Boolean>> logins = new ArrayList<>();
        for (int i = 0; i < LOGINS; i++) {
            TestClient client = new TestClient(nodes.get(i % 2));
            clients.add(client);
            logins.add(() -> isSignedIn(client));
        }
        try (Racers racers = new Racers(LOGINS)) {
            long signedIn = racers.race(logins).stream().filter(each -> each).count();
            assertEquals(
                    ALLOWED, nodes.get(0).of("alice").list().size(), "number of sessions that the user has afterwards");
            assertEquals(
                    ALLOWED,
                    clients.stream()
                            .filter(StoreContractUserIndex::knowsItsUser)
                            .count(),
                    "number of clients that are signed in afterwards");
            return signedIn;
        }
    }

    private static boolean isSignedIn(TestClient client) {
        try {
            client.request(session -> session.login("alice"));
            return true;
        } catch (TooManySessionsException e) {
            return false;
        }
    }

    private static boolean knowsItsUser(TestClient client) {
        List<String> subjects = new ArrayList<>();
        client.request(session -> subjects.add(String.valueOf(session.subject())));
        return subjects.equals(List.of("alice"));
    }

    // ---- keys and entries

    private Entry entry(String subject, StoreKey key) {
        return index().find(subject, null, 100).stream()
                .filter(each -> each.key().equals(key))
                .findAny()
                .orElseThrow();
    }

    /** Creates a record and enters its key before and after, as the engine does. */
    private StoreKey createFor(String subject, Instant until) {
        StoreKey key = key();
        index().enter(subject, key, until);
        create(key, session(1, until, subject));
        index().enter(subject, key, until.plusMillis(1));
        return key;
    }

    private Set<StoreKey> createFor(String subject, int count) {
        Set<StoreKey> keys = new HashSet<>();
        for (int i = 0; i < count; i++) {
            keys.add(createFor(subject, now.plusSeconds(600L + i)));
        }
        return keys;
    }

    /** Returns the keys of all pages of a size. */
    private List<StoreKey> findAll(String subject, int limit) {
        List<StoreKey> found = new ArrayList<>();
        Entry last = null;
        while (true) {
            List<Entry> page = index().find(subject, last, limit);
            assertTrue(page.size() <= limit, "a page has at most the limit");
            assertFalse(last != null && keys(page).contains(last.key()), "the last entry is not returned again");
            found.addAll(keys(page));
            if (page.size() < limit) {
                return found;
            }
            last = page.get(page.size() - 1);
        }
    }

    private static List<StoreKey> keys(List<Entry> entries) {
        return entries.stream().map(Entry::key).toList();
    }
}
