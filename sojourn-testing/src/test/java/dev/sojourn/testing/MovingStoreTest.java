package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.MemoryStore;
import dev.sojourn.move.MovingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.spi.UserIndex.Entry;
import dev.sojourn.testing.CrashingStore.Crashed;
import dev.sojourn.testing.CrashingStore.Node;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.FaultyStore.Hold;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MovingStoreTest {
    private static final StoreKey KEY = StoreKey.of("a session");
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final MemoryStore old = new MemoryStore();
    private final MemoryStore next = new MemoryStore();
    private final MovingStore moving = MovingStore.from(old).to(next);
    private final MovingStore preparing = MovingStore.from(old).preparingFor(next);
    private final MovingStore movingBack = MovingStore.from(next).to(old);

    private StoredSession session(long version) {
        return session(version, now.plusSeconds(600), "alice");
    }

    private StoredSession session(long version, Instant expiresAt, @Nullable String subject) {
        byte[] payload = ("{\"v\":" + version + "}").getBytes(StandardCharsets.UTF_8);
        return new StoredSession(payload, version, expiresAt, subject);
    }

    private static void assertDone(Outcome outcome) {
        assertInstanceOf(Outcome.Done.class, outcome);
    }

    // ---- where sessions are

    @Test
    void a_new_session_starts_only_in_the_new_store() {
        assertTrue(moving.create(KEY, session(1)));

        assertEquals(0, old.size());
        assertEquals(1, next.load(KEY).orElseThrow().version());
    }

    @Test
    void an_unchanged_session_stays_in_the_old_store_and_is_read_from_there() {
        old.create(KEY, session(1));

        assertEquals(1, moving.load(KEY).orElseThrow().version());

        assertEquals(0, next.size());
        assertEquals(new MovingStore.Progress(0, 1), moving.progress());
    }

    @Test
    void a_change_moves_a_session_and_leaves_nothing_in_the_old_store() {
        old.create(KEY, session(1));

        assertDone(moving.compareAndSet(KEY, 1, session(2)));

        assertMoved(2);
    }

    @Test
    void a_touch_moves_a_session() {
        old.create(KEY, session(1));
        Instant later = now.plusSeconds(900);

        assertTrue(moving.touch(KEY, 1, 2, later));

        assertMoved(2);
        StoredSession touched = next.load(KEY).orElseThrow();
        assertEquals(later, touched.expiresAt());
        assertEquals("{\"v\":1}", new String(touched.payload(), StandardCharsets.UTF_8));
    }

    private void assertMoved(long version) {
        assertEquals(0, old.size());
        StoredSession stored = next.load(KEY).orElseThrow();
        assertEquals(version, stored.version());
        assertEquals('{', stored.payload()[0], "the record in the new store is an ordinary one");
        assertEquals("alice", stored.subject());
        assertEquals(1, moving.progress().moved());
    }

    @Test
    void delete_removes_a_session_from_both_stores() {
        old.create(KEY, session(1));

        assertDone(moving.delete(KEY, 1));

        assertEquals(0, old.size() + next.size());
        assertEquals(0, moving.progress().moved());
    }

    @Test
    void a_preparing_node_changes_a_session_in_the_store_that_holds_it() {
        StoreKey other = StoreKey.of("a moved session");
        old.create(KEY, session(1));
        next.create(other, session(1));

        assertDone(preparing.compareAndSet(KEY, 1, session(2)));
        assertDone(preparing.compareAndSet(other, 1, session(2)));
        assertTrue(preparing.create(StoreKey.of("a new session"), session(1)));

        assertEquals(2, old.load(KEY).orElseThrow().version());
        assertEquals(2, next.load(other).orElseThrow().version());
        assertEquals(2, old.size());
    }

    @Test
    void a_session_moves_back_in_the_same_way() {
        old.create(KEY, session(1));
        assertDone(moving.compareAndSet(KEY, 1, session(2)));

        assertDone(movingBack.compareAndSet(KEY, 2, session(3)));

        assertEquals(0, next.size());
        assertEquals(3, old.load(KEY).orElseThrow().version());
    }

    @Test
    void a_move_costs_six_calls_and_a_read_of_a_moved_session_one() {
        FaultyStore from = new FaultyStore(old);
        FaultyStore to = new FaultyStore(next);
        MovingStore counted = MovingStore.from(from).to(to);
        old.create(KEY, session(1));

        assertDone(counted.compareAndSet(KEY, 1, session(2)));
        assertEquals(List.of(Call.COMPARE_AND_SET, Call.CREATE, Call.COMPARE_AND_SET), to.calls());
        assertEquals(List.of(Call.LOAD, Call.COMPARE_AND_SET, Call.DELETE), from.calls());

        from.reset();
        to.reset();
        assertTrue(counted.load(KEY).isPresent());
        assertDone(counted.compareAndSet(KEY, 2, session(3)));
        assertEquals(List.of(Call.LOAD, Call.COMPARE_AND_SET), to.calls());
        assertEquals(List.of(), from.calls());
    }

    // ---- a node that crashes

    private static final int MORE_CALLS_THAN_ANY_CHANGE = 12;

    private void afterEachPossibleCrash(Consumer<SessionStore> change, Runnable check) {
        for (int last = 1; last <= MORE_CALLS_THAN_ANY_CHANGE; last++) {
            for (boolean done : new boolean[] {false, true}) {
                old.close();
                next.close();
                old.create(KEY, session(1));
                Node node = new Node(last, done);
                SessionStore crashing =
                        MovingStore.from(new CrashingStore(old, node)).to(new CrashingStore(next, node));
                boolean crashed = false;
                try {
                    change.accept(crashing);
                } catch (Crashed e) {
                    crashed = true;
                }
                assertTrue(crashed || last > 1, "the node crashes at its first call");
                check.run();
            }
        }
    }

    private void write(SessionStore store) {
        assertDone(store.compareAndSet(KEY, 1, session(2)));
    }

    private void touch(SessionStore store) {
        assertTrue(store.touch(KEY, 1, 2, now.plusSeconds(900)));
    }

    private void end(SessionStore store) {
        assertDone(store.delete(KEY, 1));
    }

    /** Returns the record that all nodes load, and checks that it is the same one. */
    private Optional<StoredSession> current() {
        Optional<StoredSession> loaded = moving.load(KEY);
        for (MovingStore other : List.of(preparing, movingBack)) {
            assertEquals(
                    loaded.map(StoredSession::version),
                    other.load(KEY).map(StoredSession::version),
                    "what the other nodes load");
        }
        return loaded;
    }

    @Test
    void a_node_that_crashes_while_it_moves_a_session_signs_no_user_out() {
        for (Consumer<SessionStore> change : List.<Consumer<SessionStore>>of(this::write, this::touch)) {
            afterEachPossibleCrash(change, () -> {
                long version = current().orElseThrow().version();
                assertTrue(version == 1 || version == 2);
            });
        }
    }

    @Test
    void the_next_change_continues_a_move_after_a_crash() {
        afterEachPossibleCrash(this::write, () -> {
            long version = current().orElseThrow().version();
            assertDone(moving.compareAndSet(KEY, version, session(9)));
            assertEquals(9, current().orElseThrow().version());
            assertEquals('{', next.load(KEY).orElseThrow().payload()[0]);
        });
    }

    @Test
    void preparing_nodes_and_nodes_that_move_back_continue_after_a_crash_too() {
        for (MovingStore other : List.of(preparing, movingBack)) {
            afterEachPossibleCrash(this::write, () -> {
                long version = current().orElseThrow().version();
                assertDone(other.compareAndSet(KEY, version, session(8)));
                assertEquals(8, current().orElseThrow().version());
                assertDone(other.compareAndSet(KEY, 8, session(9)));
                assertEquals(9, current().orElseThrow().version());
                if (other == movingBack) {
                    assertEquals('{', old.load(KEY).orElseThrow().payload()[0]);
                }
            });
        }
    }

    @Test
    void a_stale_change_is_still_lost_after_a_crash() {
        for (MovingStore other : List.of(moving, preparing, movingBack)) {
            afterEachPossibleCrash(this::write, () -> {
                Outcome stale = other.compareAndSet(KEY, 77, session(9));
                long present = assertInstanceOf(Outcome.Lost.class, stale)
                        .current()
                        .orElseThrow()
                        .version();
                assertEquals(current().orElseThrow().version(), present);
            });
        }
    }

    @Test
    void a_session_that_ends_after_a_crash_stays_ended() {
        for (MovingStore other : List.of(moving, preparing, movingBack)) {
            afterEachPossibleCrash(this::write, () -> {
                long version = current().orElseThrow().version();
                assertDone(other.delete(KEY, version));
                assertEndedForGood();
            });
        }
    }

    @Test
    void a_delete_during_which_a_node_crashes_is_done_or_can_be_repeated() {
        afterEachPossibleCrash(this::end, () -> {
            if (current().isPresent()) {
                assertDone(moving.delete(KEY, 1));
            }
            assertEndedForGood();
        });
    }

    private void assertEndedForGood() {
        assertTrue(current().isEmpty());
        for (MovingStore node : List.of(moving, preparing, movingBack)) {
            for (long version : new long[] {1, 2, 9}) {
                assertEquals(Outcome.absent(), node.compareAndSet(KEY, version, session(10)));
                assertFalse(node.touch(KEY, version, 10, now.plusSeconds(60)));
                assertEquals(Outcome.absent(), node.delete(KEY, version));
            }
        }
        assertTrue(current().isEmpty());
        StoredSession another = session(11, now.plusSeconds(60), "bob");
        assertTrue(moving.create(KEY, another), "the key is free");
        assertFalse(moving.create(KEY, another));
        assertEquals("bob", current().orElseThrow().subject());
        assertDone(moving.delete(KEY, 11));
    }

    // ---- late calls

    /** Starts a move, runs an action while its draft is delayed, lets the draft arrive, and returns the outcome of the change. */
    private Outcome changeWithDelayedDraft(Runnable action) throws Exception {
        FaultyStore slow = new FaultyStore(next);
        Hold hold = slow.holdNext(Call.CREATE);
        MovingStore delayed = MovingStore.from(old).to(slow);
        CompletableFuture<Outcome> change =
                CompletableFuture.supplyAsync(() -> delayed.compareAndSet(KEY, 1, session(2)));
        hold.awaitCall();
        action.run();
        hold.release();
        return change.get();
    }

    @Test
    void a_draft_that_arrives_after_the_end_of_its_session_brings_nothing_back() throws Exception {
        old.create(KEY, session(1));

        Outcome outcome = changeWithDelayedDraft(() -> end(moving));

        assertEquals(Outcome.absent(), outcome);
        assertEndedForGood();
    }

    @Test
    void a_draft_that_arrives_after_another_node_moved_and_ended_the_session_brings_nothing_back() throws Exception {
        old.create(KEY, session(1));

        Outcome outcome = changeWithDelayedDraft(() -> {
            write(moving);
            assertDone(moving.delete(KEY, 2));
        });

        assertEquals(Outcome.absent(), outcome);
        assertEndedForGood();
    }

    @Test
    void a_draft_that_arrives_next_to_the_mark_of_another_draft_brings_nothing_back() throws Exception {
        old.create(KEY, session(1));

        Outcome outcome = changeWithDelayedDraft(() -> {
            FaultyStore from = new FaultyStore(old);
            from.failNext(Call.DELETE, Fault.REQUEST_LOST);
            write(MovingStore.from(from).to(next));
            assertDone(moving.delete(KEY, 2));
            assertEquals(1, old.size(), "the mark remains");
        });

        assertEquals(Outcome.absent(), outcome);
        assertEndedForGood();
    }

    @Test
    void a_draft_of_a_crashed_node_brings_nothing_back() throws Exception {
        old.create(KEY, session(1));
        FaultyStore slow = new FaultyStore(next);
        Hold hold = slow.holdNext(Call.CREATE);
        // The node's second call to the old store writes the mark. The node crashes there.
        SessionStore crashing =
                MovingStore.from(new CrashingStore(old, new Node(2, false))).to(slow);
        CompletableFuture<Outcome> change =
                CompletableFuture.supplyAsync(() -> crashing.compareAndSet(KEY, 1, session(2)));
        hold.awaitCall();
        end(moving);
        hold.release();

        assertInstanceOf(
                Crashed.class,
                assertThrows(ExecutionException.class, change::get).getCause());
        assertEquals(1, next.size(), "the draft remains");
        assertEndedForGood();
    }

    @Test
    void a_change_in_the_old_store_that_comes_first_wins_over_a_move() throws Exception {
        old.create(KEY, session(1));

        Outcome outcome = changeWithDelayedDraft(() -> assertDone(preparing.compareAndSet(KEY, 1, session(5))));

        assertEquals(
                5,
                assertInstanceOf(Outcome.Lost.class, outcome)
                        .current()
                        .orElseThrow()
                        .version());
        assertEquals(5, current().orElseThrow().version());
        assertDone(moving.compareAndSet(KEY, 5, session(6)));
        assertEquals(6, next.load(KEY).orElseThrow().version());
    }

    @Test
    void a_draft_from_before_a_change_in_the_old_store_never_moves() {
        old.create(KEY, session(1));
        // The calls of a change: compareAndSet on the new store, load on the old one, create of the draft.
        Node node = new Node(3, true);
        SessionStore crashing = MovingStore.from(new CrashingStore(old, node)).to(new CrashingStore(next, node));
        assertThrows(Crashed.class, () -> write(crashing));
        assertDone(preparing.compareAndSet(KEY, 1, session(5)));

        assertTrue(moving.touch(KEY, 5, 6, now.plusSeconds(900)));

        assertEquals("{\"v\":5}", new String(current().orElseThrow().payload(), StandardCharsets.UTF_8));
    }

    // ---- lost responses

    @Test
    void a_change_with_an_unknown_outcome_can_be_repeated_and_is_done_once() {
        for (Call call : List.of(Call.CREATE, Call.COMPARE_AND_SET, Call.DELETE)) {
            for (Fault fault : Fault.values()) {
                old.close();
                next.close();
                old.create(KEY, session(1));
                FaultyStore from = new FaultyStore(old);
                FaultyStore to = new FaultyStore(next);
                (call == Call.CREATE ? to : from).failNext(call, fault);
                MovingStore faulty = MovingStore.from(from).to(to);
                try {
                    write(faulty);
                } catch (StoreException e) {
                    assertEquals(1, current().orElseThrow().version(), "the session is unchanged, moved or not");
                    write(faulty);
                }
                assertEquals(2, current().orElseThrow().version());
                assertEquals('{', next.load(KEY).orElseThrow().payload()[0]);
            }
        }
    }

    // ---- user index and sweep

    @Test
    void the_index_returns_the_sessions_of_a_user_in_both_stores_once_each() {
        Set<StoreKey> keys = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            StoreKey key = StoreKey.of("session " + i);
            keys.add(key);
            (i % 2 == 0 ? old : next).create(key, session(1));
        }
        assertDone(moving.compareAndSet(StoreKey.of("session 2"), 1, session(2)));
        UserIndex index = moving.userIndex().orElseThrow();

        List<StoreKey> found = new ArrayList<>();
        Entry last = null;
        do {
            List<Entry> page = index.find("alice", last, 2);
            page.forEach(entry -> found.add(entry.key()));
            last = page.size() < 2 ? null : page.get(1);
        } while (last != null);

        assertEquals(7, found.size());
        assertEquals(keys, new HashSet<>(found));
    }

    @Test
    void an_epoch_that_a_node_advanced_in_one_store_only_is_noticed() {
        UserIndex index = moving.userIndex().orElseThrow();
        long before = index.enter("alice", KEY, now.plusSeconds(60));
        old.userIndex().orElseThrow().advanceEpoch("alice", now.plusSeconds(60));
        long afterOld = index.enter("alice", KEY, now.plusSeconds(60));

        assertEquals(0, before);
        assertTrue(afterOld != 0);
        next.userIndex().orElseThrow().advanceEpoch("alice", now.plusSeconds(60));
        long afterNew = index.enter("alice", KEY, now.plusSeconds(60));
        assertTrue(afterNew != 0 && afterNew != afterOld);
    }

    @Test
    void a_sweep_reports_each_session_once_and_no_leftover_of_a_move() {
        Instant expired = now.minus(Duration.ofHours(1));
        for (boolean done : new boolean[] {false, true}) {
            for (int last = 1; last <= MORE_CALLS_THAN_ANY_CHANGE; last++) {
                old.close();
                next.close();
                old.create(KEY, session(1, expired, "alice"));
                Node node = new Node(last, done);
                SessionStore crashing =
                        MovingStore.from(new CrashingStore(old, node)).to(new CrashingStore(next, node));
                try {
                    assertDone(crashing.compareAndSet(KEY, 1, session(2, expired, "alice")));
                } catch (Crashed e) {
                    // The sweep finds what the crash left.
                }
                List<StoredSession> reported = new ArrayList<>();

                moving.expirySweep().orElseThrow().sweep(now, 10, (key, record) -> reported.add(record));

                assertEquals(1, reported.size(), "reported after a crash at call " + last);
                assertEquals('{', reported.get(0).payload()[0]);
                assertEquals(0, old.size() + next.size());
            }
        }
    }

    // ---- refused records

    @Test
    void a_record_that_looks_like_a_mark_is_refused() {
        old.create(KEY, session(1));
        FaultyStore from = new FaultyStore(old);
        from.failNext(Call.DELETE, Fault.REQUEST_LOST);
        write(MovingStore.from(from).to(next));
        StoredSession mark = old.load(KEY).orElseThrow();

        StoreException refused = assertThrows(StoreException.class, () -> moving.create(StoreKey.of("another"), mark));

        assertTrue(refused.isNotDone());
        assertThrows(StoreException.class, () -> moving.compareAndSet(KEY, 2, mark));
        assertEquals(2, current().orElseThrow().version());
    }
}
