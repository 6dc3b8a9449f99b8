package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The queue alone; that sessions do not wait for each other is tried over HTTP. */
class CommitQueuesTest {
    private static final Duration PATIENCE = Duration.ofMillis(150);

    private final SojournRecordFormat format = new SojournRecordFormat();
    private final CommitQueues queues = new CommitQueues(PATIENCE, 8, RetryPacer.REAL);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void end() {
        gate.countDown();
        threads.shutdownNow();
    }

    private Commit commit(String key) {
        return commit(key, set("a"));
    }

    private Commit commit(String key, AttributeChange change) {
        SessionRecord record = SessionRecord.live(Instant.EPOCH, null);
        RecordSnapshot base = new RecordSnapshot(StoreKey.of(key), format.write(record, Instant.EPOCH), record);
        return new Commit(base, List.of(change));
    }

    private static AttributeChange set(String name) {
        return new AttributeChange.Set(name, "1".getBytes(StandardCharsets.UTF_8), null);
    }

    private static @Nullable RecordSnapshot saved(CommitBatch batch) {
        RecordSnapshot base = batch.latestBase();
        batch.applyTo(base.record(), (before, next) -> next);
        if (batch.seal()) {
            batch.finishSaved(base);
        }
        return base;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Future<CommitOutcome> later(Commit commit, CommitQueues.Saver saver) {
        return threads.submit(() -> queues.submit(commit, saver));
    }

    /** Has a save of a session begin that does not end before the gate is open. */
    private Future<CommitOutcome> hang(String key) {
        CountDownLatch hangs = new CountDownLatch(1);
        Future<CommitOutcome> hung = later(commit(key), (batch, recent) -> {
            batch.applyTo(batch.latestBase().record(), (before, next) -> next);
            batch.seal();
            hangs.countDown();
            await(gate);
            batch.finishSaved(batch.latestBase());
            return null;
        });
        await(hangs);
        return hung;
    }

    private static SessionUnavailableException refused(Future<CommitOutcome> result) throws Exception {
        try {
            result.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (SessionUnavailableException) Objects.requireNonNull(e.getCause());
        }
        throw new AssertionError("it was saved");
    }

    @Test
    void nothing_is_kept_of_sessions_that_no_request_saves() throws Exception {
        List<Future<CommitOutcome>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            all.add(later(commit("key" + i % 250), (batch, recent) -> saved(batch)));
            if (i % 8 == 7) {
                for (Future<CommitOutcome> each : all) {
                    assertThat(each.get(60, TimeUnit.SECONDS)).isInstanceOf(CommitOutcome.Saved.class);
                }
                all.clear();
            }
        }
        Future<CommitOutcome> hung = hang("hung");
        assertThat(queues.isEmpty()).isFalse();
        refused(later(commit("hung"), (batch, recent) -> saved(batch)));
        queues.urgently(StoreKey.of("hung"), line -> true);
        assertThatThrownBy(() -> queues.alone(StoreKey.of("other"), line -> {
                    throw new IllegalArgumentException("on purpose");
                }))
                .hasMessage("on purpose");
        gate.countDown();
        hung.get(60, TimeUnit.SECONDS);

        assertThat(queues.isEmpty()).isTrue();
    }

    @Test
    void a_request_that_has_waited_for_a_hung_write_is_told_that_the_store_has_not_answered() throws Exception {
        assertThat(hang("key")).isNotDone();

        SessionUnavailableException told = refused(later(commit("key"), (batch, recent) -> saved(batch)));

        assertThat(told.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
        assertThat(told).hasMessageContaining("has not responded to an earlier save of this session");
    }

    @Test
    void a_request_whose_changes_are_in_a_hung_write_of_another_one_is_told_that_the_outcome_is_unknown()
            throws Exception {
        AtomicLong nanos = new AtomicLong();
        CommitQueues standing = new CommitQueues(PATIENCE, 8, new StandingPacer(nanos));
        CountDownLatch leads = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        Future<CommitOutcome> first = threads.submit(() -> standing.submit(commit("key"), (batch, recent) -> {
            leads.countDown();
            await(goesOn);
            return saved(batch);
        }));
        await(leads);
        CountDownLatch hangs = new CountDownLatch(1);
        CommitQueues.Saver hanging = (batch, recent) -> {
            batch.applyTo(batch.latestBase().record(), (before, next) -> next);
            batch.seal();
            hangs.countDown();
            await(gate);
            batch.finishSaved(batch.latestBase());
            return null;
        };
        CompletableFuture<SessionUnavailableException> told = new CompletableFuture<>();
        for (int i = 0; i < 2; i++) {
            Thread behind = new Thread(() -> {
                try {
                    standing.submit(commit("key"), hanging);
                } catch (SessionUnavailableException e) {
                    told.complete(e);
                }
            });
            behind.start();
            while (behind.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }

        goesOn.countDown();
        first.get(60, TimeUnit.SECONDS);
        await(hangs);
        nanos.addAndGet(2 * PATIENCE.toNanos() + 1);

        assertThat(told.get(60, TimeUnit.SECONDS).reason()).isEqualTo(Reason.OUTCOME_UNKNOWN);
    }

    @Test
    void whatever_else_wants_the_session_is_told_the_same() {
        assertThat(hang("key")).isNotDone();

        assertThatThrownBy(() -> queues.alone(StoreKey.of("key"), line -> true))
                .isInstanceOf(SessionUnavailableException.class)
                .hasMessageContaining("has not responded to an earlier save of this session");
        assertThat(queues.<Boolean>urgently(StoreKey.of("key"), line -> true))
                .as("what must not be refused goes beside the line")
                .isTrue();
    }

    @Test
    void a_request_that_gives_up_leaves_those_behind_it_to_the_next() throws Exception {
        CountDownLatch leads = new CountDownLatch(1);
        Future<CommitOutcome> first = later(commit("key"), (batch, recent) -> {
            leads.countDown();
            await(gate);
            return saved(batch);
        });
        await(leads);
        AtomicInteger gaveUp = new AtomicInteger();
        CommitQueues.Saver once = (batch, recent) -> {
            if (gaveUp.getAndIncrement() > 0) {
                return saved(batch);
            }
            batch.applyTo(batch.latestBase().record(), (before, next) -> next);
            batch.seal();
            batch.reopen();
            batch.giveUp(new SessionUnavailableException(Reason.CONFLICT, "gave up", null));
            return null;
        };
        List<Future<CommitOutcome>> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(later(commit("key"), once));
        }
        gate.countDown();
        first.get(60, TimeUnit.SECONDS);

        int failed = 0;
        for (Future<CommitOutcome> each : others) {
            try {
                each.get(60, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                assertThat(e).hasRootCauseMessage("gave up");
                failed++;
            }
        }
        assertThat(failed).isEqualTo(1);
        assertThat(queues.isEmpty()).isTrue();
    }

    @Test
    void the_request_that_saves_runs_a_slow_function_of_another_one_once_at_most() {
        AtomicLong nanos = new AtomicLong();
        AtomicInteger runs = new AtomicInteger();
        ValueCodec values = new ValueCodec(JsonMapper.shared());
        Commit own = commit("key");
        Commit slow = commit(
                "key",
                new AttributeChange.Update<Integer>(
                        values,
                        "slow",
                        values.type(Integer.class),
                        before -> {
                            nanos.addAndGet(CommitQueue.SLOW_NANOS + 1);
                            return runs.incrementAndGet();
                        },
                        UnreadablePolicy.IGNORE_ATTRIBUTE));
        RetryPacer pacer = new StandingPacer(nanos);
        CommitBatch batch = new CommitBatch(new CommitQueue(pacer), List.of(own, slow), pacer);

        assertThat(namesAfter(batch, own)).containsExactly("a", "slow");
        assertThat(batch.seal()).isTrue();
        batch.reopen();

        assertThat(namesAfter(batch, own)).as("after a lost write").containsExactly("a");
        assertThat(runs).hasValue(1);
        assertThat(slow.withdraw()).as("its own request may run it").isTrue();
    }

    @Test
    void changes_that_their_request_takes_back_before_the_write_are_not_written() {
        Commit own = commit("key");
        Commit other = commit("key", set("b"));
        CommitBatch batch = new CommitBatch(new CommitQueue(RetryPacer.REAL), List.of(own, other), RetryPacer.REAL);

        assertThat(namesAfter(batch, own)).containsExactly("a", "b");
        assertThat(other.withdraw()).isTrue();

        assertThat(batch.seal()).as("what was applied may be written").isFalse();
        assertThat(namesAfter(batch, own)).containsExactly("a");
        assertThat(batch.seal()).isTrue();
    }

    /** The attributes that a batch would write over what one of its commits has loaded. */
    private static List<String> namesAfter(CommitBatch batch, Commit commit) {
        return batch.applyTo(commit.base.record(), (before, next) -> next)
                .attributes()
                .names();
    }

    @Test
    void an_interrupted_request_takes_back_what_nobody_has_begun_to_write() throws Exception {
        Future<CommitOutcome> hung = hang("key");
        AtomicInteger saves = new AtomicInteger();
        Commit mine = commit("key");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> queues.submit(mine, (batch, recent) -> {
                    saves.incrementAndGet();
                    return saved(batch);
                }))
                .isInstanceOf(SessionUnavailableException.class)
                .hasMessageContaining("interrupted");

        assertThat(Thread.interrupted()).isTrue();
        gate.countDown();
        assertThat(hung.get(60, TimeUnit.SECONDS)).isInstanceOf(CommitOutcome.Saved.class);
        assertThat(saves).hasValue(0);
        assertThat(mine.isDone()).isFalse();
    }

    @Test
    void no_more_than_may_wait_do() throws Exception {
        CommitQueues narrow = new CommitQueues(Duration.ofSeconds(60), 0, RetryPacer.REAL);
        CountDownLatch leads = new CountDownLatch(1);
        Future<CommitOutcome> first = threads.submit(() -> narrow.submit(commit("key"), (batch, recent) -> {
            leads.countDown();
            await(gate);
            return saved(batch);
        }));
        await(leads);

        assertThatThrownBy(() -> narrow.submit(commit("key"), (batch, recent) -> saved(batch)))
                .isInstanceOf(SessionUnavailableException.class)
                .hasMessageContaining("c.maxWaitingSaves");
        assertThat(narrow.submit(commit("other"), (batch, recent) -> saved(batch)))
                .isInstanceOf(CommitOutcome.Saved.class);

        gate.countDown();
        assertThat(first.get(60, TimeUnit.SECONDS)).isInstanceOf(CommitOutcome.Saved.class);
    }

    @Test
    void a_lease_queue_forgets_requests_that_have_left_and_that_were_refused() {
        LeaseQueue narrow = new LeaseQueue(0);
        StoreKey key = StoreKey.of("key");

        assertThat(narrow.enter(key, Duration.ZERO)).isEqualTo(LeaseQueue.Entry.ENTERED);
        assertThat(narrow.enter(key, Duration.ZERO)).isEqualTo(LeaseQueue.Entry.CROWDED);
        narrow.leave(key);
        LeaseQueue wider = new LeaseQueue(1);
        assertThat(wider.enter(key, Duration.ZERO)).isEqualTo(LeaseQueue.Entry.ENTERED);
        assertThat(wider.enter(key, Duration.ZERO)).isEqualTo(LeaseQueue.Entry.TOO_LATE);
        wider.leave(key);

        assertThat(narrow.isEmpty()).isTrue();
        assertThat(wider.isEmpty()).isTrue();
    }
}
