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
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import dev.sojourn.testing.FaultyStore.Hold;
import dev.sojourn.testing.StoppingStore.Node;
import dev.sojourn.testing.StoppingStore.Stopped;
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
    void a_new_session_begins_in_the_new_store_alone() {
        assertTrue(moving.create(KEY, session(1)));

        assertEquals(0, old.size());
        assertEquals(1, next.load(KEY).orElseThrow().version());
    }

    @Test
    void a_session_that_nobody_changes_stays_in_the_old_store_and_is_read_from_there() {
        old.create(KEY, session(1));

        assertEquals(1, moving.load(KEY).orElseThrow().version());

        assertEquals(0, next.size());
        assertEquals(new MovingStore.Progress(0, 1), moving.progress());
    }

    @Test
    void a_change_takes_a_session_along_and_leaves_nothing_behind() {
        old.create(KEY, session(1));

        assertDone(moving.compareAndSet(KEY, 1, session(2)));

        assertMoved(2);
    }

    @Test
    void a_touch_takes_a_session_along() {
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
        assertEquals('{', stored.payload()[0], "the new store needs nobody to read it");
        assertEquals("alice", stored.subject());
        assertEquals(1, moving.progress().moved());
    }

    @Test
    void an_end_leaves_nothing_anywhere() {
        old.create(KEY, session(1));

        assertDone(moving.delete(KEY, 1));

        assertEquals(0, old.size() + next.size());
        assertEquals(0, moving.progress().moved());
    }

    @Test
    void a_node_that_prepares_changes_a_session_where_it_stands() {
        StoreKey other = StoreKey.of("one that has moved");
        old.create(KEY, session(1));
        next.create(other, session(1));

        assertDone(preparing.compareAndSet(KEY, 1, session(2)));
        assertDone(preparing.compareAndSet(other, 1, session(2)));
        assertTrue(preparing.create(StoreKey.of("a new one"), session(1)));

        assertEquals(2, old.load(KEY).orElseThrow().version());
        assertEquals(2, next.load(other).orElseThrow().version());
        assertEquals(2, old.size());
    }

    @Test
    void the_way_back_is_the_same_way() {
        old.create(KEY, session(1));
        assertDone(moving.compareAndSet(KEY, 1, session(2)));

        assertDone(movingBack.compareAndSet(KEY, 2, session(3)));

        assertEquals(0, next.size());
        assertEquals(3, old.load(KEY).orElseThrow().version());
    }

    @Test
    void a_read_of_a_moved_session_is_one_call_and_the_move_itself_is_six() {
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

    // ---- a node that stops

    private static final int MORE_THAN_ANY_CHANGE_CALLS = 12;

    private void afterEveryStop(Consumer<SessionStore> change, Runnable check) {
        for (int last = 1; last <= MORE_THAN_ANY_CHANGE_CALLS; last++) {
            for (boolean done : new boolean[] {false, true}) {
                old.close();
                next.close();
                old.create(KEY, session(1));
                Node node = new Node(last, done);
                SessionStore stopping =
                        MovingStore.from(new StoppingStore(old, node)).to(new StoppingStore(next, node));
                boolean stopped = false;
                try {
                    change.accept(stopping);
                } catch (Stopped e) {
                    stopped = true;
                }
                assertTrue(stopped || last > 1, "the first call at least can be stopped at");
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

    /** Every node sees the same, whatever it knows. */
    private Optional<StoredSession> standing() {
        Optional<StoredSession> seen = moving.load(KEY);
        for (MovingStore other : List.of(preparing, movingBack)) {
            assertEquals(
                    seen.map(StoredSession::version), other.load(KEY).map(StoredSession::version), "what others see");
        }
        return seen;
    }

    @Test
    void nobody_is_signed_out_by_a_node_that_stops_while_it_moves_a_session() {
        for (Consumer<SessionStore> change : List.<Consumer<SessionStore>>of(this::write, this::touch)) {
            afterEveryStop(change, () -> {
                long version = standing().orElseThrow().version();
                assertTrue(version == 1 || version == 2);
            });
        }
    }

    @Test
    void the_next_change_goes_on_where_a_node_has_stopped() {
        afterEveryStop(this::write, () -> {
            long version = standing().orElseThrow().version();
            assertDone(moving.compareAndSet(KEY, version, session(9)));
            assertEquals(9, standing().orElseThrow().version());
            assertEquals('{', next.load(KEY).orElseThrow().payload()[0]);
        });
    }

    @Test
    void a_node_that_moves_nothing_and_one_that_moves_back_go_on_too() {
        for (MovingStore other : List.of(preparing, movingBack)) {
            afterEveryStop(this::write, () -> {
                long version = standing().orElseThrow().version();
                assertDone(other.compareAndSet(KEY, version, session(8)));
                assertEquals(8, standing().orElseThrow().version());
                assertDone(other.compareAndSet(KEY, 8, session(9)));
                assertEquals(9, standing().orElseThrow().version());
                if (other == movingBack) {
                    assertEquals('{', old.load(KEY).orElseThrow().payload()[0]);
                }
            });
        }
    }

    @Test
    void a_change_that_lost_before_a_node_stopped_is_not_written_by_whoever_goes_on() {
        for (MovingStore other : List.of(moving, preparing, movingBack)) {
            afterEveryStop(this::write, () -> {
                Outcome stale = other.compareAndSet(KEY, 77, session(9));
                long current = assertInstanceOf(Outcome.Lost.class, stale)
                        .current()
                        .orElseThrow()
                        .version();
                assertEquals(standing().orElseThrow().version(), current);
            });
        }
    }

    @Test
    void what_is_ended_after_a_node_has_stopped_stays_ended() {
        for (MovingStore other : List.of(moving, preparing, movingBack)) {
            afterEveryStop(this::write, () -> {
                long version = standing().orElseThrow().version();
                assertDone(other.delete(KEY, version));
                assertGoneForGood();
            });
        }
    }

    @Test
    void an_end_that_a_node_stopped_in_is_done_or_can_be_repeated() {
        afterEveryStop(this::end, () -> {
            if (standing().isPresent()) {
                assertDone(moving.delete(KEY, 1));
            }
            assertGoneForGood();
        });
    }

    private void assertGoneForGood() {
        assertTrue(standing().isEmpty());
        for (MovingStore node : List.of(moving, preparing, movingBack)) {
            for (long version : new long[] {1, 2, 9}) {
                assertEquals(Outcome.absent(), node.compareAndSet(KEY, version, session(10)));
                assertFalse(node.touch(KEY, version, 10, now.plusSeconds(60)));
                assertEquals(Outcome.absent(), node.delete(KEY, version));
            }
        }
        assertTrue(standing().isEmpty());
        StoredSession another = session(11, now.plusSeconds(60), "bob");
        assertTrue(moving.create(KEY, another), "the key is free");
        assertFalse(moving.create(KEY, another));
        assertEquals("bob", standing().orElseThrow().subject());
        assertDone(moving.delete(KEY, 11));
    }

    // ---- a call that arrives late

    /** Begins a move whose draft is on its way, lets something happen, and then lets the draft arrive. */
    private Outcome withDraftArrivingLate(Runnable meanwhile) throws Exception {
        FaultyStore slow = new FaultyStore(next);
        Hold hold = slow.holdNext(Call.CREATE);
        MovingStore slowly = MovingStore.from(old).to(slow);
        CompletableFuture<Outcome> change =
                CompletableFuture.supplyAsync(() -> slowly.compareAndSet(KEY, 1, session(2)));
        hold.awaitCall();
        meanwhile.run();
        hold.release();
        return change.get();
    }

    @Test
    void a_draft_that_arrives_after_the_end_brings_nothing_back() throws Exception {
        old.create(KEY, session(1));

        Outcome outcome = withDraftArrivingLate(() -> end(moving));

        assertEquals(Outcome.absent(), outcome);
        assertGoneForGood();
    }

    @Test
    void a_draft_that_arrives_after_somebody_else_moved_and_ended_the_session_brings_nothing_back() throws Exception {
        old.create(KEY, session(1));

        Outcome outcome = withDraftArrivingLate(() -> {
            write(moving);
            assertDone(moving.delete(KEY, 2));
        });

        assertEquals(Outcome.absent(), outcome);
        assertGoneForGood();
    }

    @Test
    void a_draft_that_arrives_beside_the_mark_of_another_one_brings_nothing_back() throws Exception {
        old.create(KEY, session(1));

        Outcome outcome = withDraftArrivingLate(() -> {
            FaultyStore from = new FaultyStore(old);
            from.failNext(Call.DELETE, Fault.REQUEST_LOST);
            write(MovingStore.from(from).to(next));
            assertDone(moving.delete(KEY, 2));
            assertEquals(1, old.size(), "the mark is left");
        });

        assertEquals(Outcome.absent(), outcome);
        assertGoneForGood();
    }

    @Test
    void a_draft_that_nobody_waits_for_any_more_brings_nothing_back() throws Exception {
        old.create(KEY, session(1));
        FaultyStore slow = new FaultyStore(next);
        Hold hold = slow.holdNext(Call.CREATE);
        // The node's second call of the old store is the mark: it stops there.
        SessionStore dying =
                MovingStore.from(new StoppingStore(old, new Node(2, false))).to(slow);
        CompletableFuture<Outcome> change =
                CompletableFuture.supplyAsync(() -> dying.compareAndSet(KEY, 1, session(2)));
        hold.awaitCall();
        end(moving);
        hold.release();

        assertInstanceOf(
                Stopped.class,
                assertThrows(ExecutionException.class, change::get).getCause());
        assertEquals(1, next.size(), "the draft is left");
        assertGoneForGood();
    }

    @Test
    void a_change_in_place_that_comes_first_wins_over_a_move() throws Exception {
        old.create(KEY, session(1));

        Outcome outcome = withDraftArrivingLate(() -> assertDone(preparing.compareAndSet(KEY, 1, session(5))));

        assertEquals(
                5,
                assertInstanceOf(Outcome.Lost.class, outcome)
                        .current()
                        .orElseThrow()
                        .version());
        assertEquals(5, standing().orElseThrow().version());
        assertDone(moving.compareAndSet(KEY, 5, session(6)));
        assertEquals(6, next.load(KEY).orElseThrow().version());
    }

    @Test
    void a_draft_left_from_before_a_change_in_place_is_never_what_moves() {
        old.create(KEY, session(1));
        // Calls of a change: the new store's compareAndSet, the old one's load, the draft.
        Node node = new Node(3, true);
        SessionStore dying = MovingStore.from(new StoppingStore(old, node)).to(new StoppingStore(next, node));
        assertThrows(Stopped.class, () -> write(dying));
        assertDone(preparing.compareAndSet(KEY, 1, session(5)));

        assertTrue(moving.touch(KEY, 5, 6, now.plusSeconds(900)));

        assertEquals("{\"v\":5}", new String(standing().orElseThrow().payload(), StandardCharsets.UTF_8));
    }

    // ---- answers that are lost

    @Test
    void a_change_whose_answer_is_lost_on_the_way_can_be_repeated_and_happens_once() {
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
                    assertEquals(1, standing().orElseThrow().version(), "not changed, whatever has moved");
                    write(faulty);
                }
                assertEquals(2, standing().orElseThrow().version());
                assertEquals('{', next.load(KEY).orElseThrow().payload()[0]);
            }
        }
    }

    // ---- the index and the sweep

    @Test
    void the_sessions_of_a_user_are_named_wherever_they_are_each_once() {
        Set<StoreKey> keys = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            StoreKey key = StoreKey.of("session " + i);
            keys.add(key);
            (i % 2 == 0 ? old : next).create(key, session(1));
        }
        assertDone(moving.compareAndSet(StoreKey.of("session 2"), 1, session(2)));
        UserIndex index = moving.userIndex().orElseThrow();

        List<StoreKey> named = new ArrayList<>();
        Entry last = null;
        do {
            List<Entry> page = index.find("alice", last, 2);
            page.forEach(entry -> named.add(entry.key()));
            last = page.size() < 2 ? null : page.get(1);
        } while (last != null);

        assertEquals(7, named.size());
        assertEquals(keys, new HashSet<>(named));
    }

    @Test
    void an_end_of_all_on_a_node_that_knows_one_store_only_is_heard_of() {
        UserIndex index = moving.userIndex().orElseThrow();
        long before = index.enter("alice", KEY, now.plusSeconds(60));
        old.userIndex().orElseThrow().advanceEpoch("alice", now.plusSeconds(60));
        long after = index.enter("alice", KEY, now.plusSeconds(60));

        assertEquals(0, before);
        assertTrue(after != 0);
        next.userIndex().orElseThrow().advanceEpoch("alice", now.plusSeconds(60));
        long then = index.enter("alice", KEY, now.plusSeconds(60));
        assertTrue(then != 0 && then != after);
    }

    @Test
    void a_sweep_tells_of_each_session_once_and_of_nothing_that_a_move_left() {
        Instant expired = now.minus(Duration.ofHours(1));
        for (boolean done : new boolean[] {false, true}) {
            for (int last = 1; last <= MORE_THAN_ANY_CHANGE_CALLS; last++) {
                old.close();
                next.close();
                old.create(KEY, session(1, expired, "alice"));
                Node node = new Node(last, done);
                SessionStore dying =
                        MovingStore.from(new StoppingStore(old, node)).to(new StoppingStore(next, node));
                try {
                    assertDone(dying.compareAndSet(KEY, 1, session(2, expired, "alice")));
                } catch (Stopped e) {
                    // That is how it is left.
                }
                List<StoredSession> told = new ArrayList<>();

                moving.expirySweep().orElseThrow().sweep(now, 10, (key, record) -> told.add(record));

                assertEquals(1, told.size(), "told of, stopped at " + last);
                assertEquals('{', told.get(0).payload()[0]);
                assertEquals(0, old.size() + next.size());
            }
        }
    }

    // ---- what is refused

    @Test
    void a_record_that_looks_like_a_part_of_a_move_is_refused() {
        old.create(KEY, session(1));
        FaultyStore from = new FaultyStore(old);
        from.failNext(Call.DELETE, Fault.REQUEST_LOST);
        write(MovingStore.from(from).to(next));
        StoredSession mark = old.load(KEY).orElseThrow();

        StoreException refused = assertThrows(StoreException.class, () -> moving.create(StoreKey.of("another"), mark));

        assertTrue(refused.isNotDone());
        assertThrows(StoreException.class, () -> moving.compareAndSet(KEY, 2, mark));
        assertEquals(2, standing().orElseThrow().version());
    }
}
