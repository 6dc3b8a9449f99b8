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

/** Tests the queues alone. That sessions do not wait for each other is tested over HTTP. */
class CommitQueuesTest {
    private static final Duration MAX_WAIT = Duration.ofMillis(150);

    private final SojournRecordFormat format = new SojournRecordFormat();
    private final CommitQueues queues = new CommitQueues(MAX_WAIT, 8, RetryPacer.REAL);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void stopThreads() {
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

    private static @Nullable RecordSnapshot save(CommitBatch batch) {
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

    private Future<CommitOutcome> submitInThread(Commit commit, CommitQueues.Saver saver) {
        return threads.submit(() -> queues.submit(commit, saver));
    }

    /** Starts a save of a session that does not end before the gate is opened. */
    private Future<CommitOutcome> hang(String key) {
        CountDownLatch hangs = new CountDownLatch(1);
        Future<CommitOutcome> hung = submitInThread(commit(key), (batch, recent) -> {
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

    private static SessionUnavailableException awaitRefusal(Future<CommitOutcome> result) throws Exception {
        try {
            result.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (SessionUnavailableException) Objects.requireNonNull(e.getCause());
        }
        throw new AssertionError("it was saved");
    }

    @Test
    void no_queue_is_kept_for_a_session_that_no_request_saves() throws Exception {
        List<Future<CommitOutcome>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            all.add(submitInThread(commit("key" + i % 250), (batch, recent) -> save(batch)));
            if (i % 8 == 7) {
                for (Future<CommitOutcome> each : all) {
                    assertThat(each.get(60, TimeUnit.SECONDS)).isInstanceOf(CommitOutcome.Saved.class);
                }
                all.clear();
            }
        }
        Future<CommitOutcome> hung = hang("hung");
        assertThat(queues.isEmpty()).isFalse();
        awaitRefusal(submitInThread(commit("hung"), (batch, recent) -> save(batch)));
        queues.urgently(StoreKey.of("hung"), line -> true);
        assertThatThrownBy(() -> queues.withLock(StoreKey.of("other"), line -> {
                    throw new IllegalArgumentException("the operation fails");
                }))
                .hasMessage("the operation fails");
        gate.countDown();
        hung.get(60, TimeUnit.SECONDS);

        assertThat(queues.isEmpty()).isTrue();
    }

    @Test
    void a_request_that_waits_for_a_hung_write_fails_because_the_store_has_not_responded() throws Exception {
        assertThat(hang("key")).isNotDone();

        SessionUnavailableException failure =
                awaitRefusal(submitInThread(commit("key"), (batch, recent) -> save(batch)));

        assertThat(failure.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
        assertThat(failure).hasMessageContaining("has not responded to an earlier save of this session");
    }

    @Test
    void a_request_whose_changes_are_in_a_hung_write_of_another_request_has_an_unknown_outcome() throws Exception {
        AtomicLong nanos = new AtomicLong();
        CommitQueues manual = new CommitQueues(MAX_WAIT, 8, new ManualRetryPacer(nanos));
        CountDownLatch leading = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        Future<CommitOutcome> first = threads.submit(() -> manual.submit(commit("key"), (batch, recent) -> {
            leading.countDown();
            await(resume);
            return save(batch);
        }));
        await(leading);
        CountDownLatch hangs = new CountDownLatch(1);
        CommitQueues.Saver hanging = (batch, recent) -> {
            batch.applyTo(batch.latestBase().record(), (before, next) -> next);
            batch.seal();
            hangs.countDown();
            await(gate);
            batch.finishSaved(batch.latestBase());
            return null;
        };
        CompletableFuture<SessionUnavailableException> failure = new CompletableFuture<>();
        for (int i = 0; i < 2; i++) {
            Thread waiter = new Thread(() -> {
                try {
                    manual.submit(commit("key"), hanging);
                } catch (SessionUnavailableException e) {
                    failure.complete(e);
                }
            });
            waiter.start();
            while (waiter.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }

        resume.countDown();
        first.get(60, TimeUnit.SECONDS);
        await(hangs);
        nanos.addAndGet(2 * MAX_WAIT.toNanos() + 1);

        assertThat(failure.get(60, TimeUnit.SECONDS).reason()).isEqualTo(Reason.OUTCOME_UNKNOWN);
    }

    @Test
    void other_operations_on_the_session_fail_for_the_same_reason() {
        assertThat(hang("key")).isNotDone();

        assertThatThrownBy(() -> queues.withLock(StoreKey.of("key"), line -> true))
                .isInstanceOf(SessionUnavailableException.class)
                .hasMessageContaining("has not responded to an earlier save of this session");
        assertThat(queues.<Boolean>urgently(StoreKey.of("key"), line -> true))
                .as("an urgent operation does not wait in the queue")
                .isTrue();
    }

    @Test
    void a_request_that_gives_up_leaves_the_waiting_commits_to_the_next_request() throws Exception {
        CountDownLatch leading = new CountDownLatch(1);
        Future<CommitOutcome> first = submitInThread(commit("key"), (batch, recent) -> {
            leading.countDown();
            await(gate);
            return save(batch);
        });
        await(leading);
        AtomicInteger gaveUp = new AtomicInteger();
        CommitQueues.Saver once = (batch, recent) -> {
            if (gaveUp.getAndIncrement() > 0) {
                return save(batch);
            }
            batch.applyTo(batch.latestBase().record(), (before, next) -> next);
            batch.seal();
            batch.reopen();
            batch.giveUp(new SessionUnavailableException(Reason.CONFLICT, "gave up", null));
            return null;
        };
        List<Future<CommitOutcome>> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(submitInThread(commit("key"), once));
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
    void the_request_that_saves_runs_a_slow_function_of_another_request_at_most_once() {
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
        RetryPacer pacer = new ManualRetryPacer(nanos);
        CommitBatch batch = new CommitBatch(new CommitQueue(pacer), List.of(own, slow), pacer);

        assertThat(namesAfter(batch, own)).containsExactly("a", "slow");
        assertThat(batch.seal()).isTrue();
        batch.reopen();

        assertThat(namesAfter(batch, own)).as("after a lost write").containsExactly("a");
        assertThat(runs).hasValue(1);
        assertThat(slow.withdraw()).as("its own request may run it").isTrue();
    }

    @Test
    void changes_that_are_withdrawn_before_the_write_are_not_written() {
        Commit own = commit("key");
        Commit other = commit("key", set("b"));
        CommitBatch batch = new CommitBatch(new CommitQueue(RetryPacer.REAL), List.of(own, other), RetryPacer.REAL);

        assertThat(namesAfter(batch, own)).containsExactly("a", "b");
        assertThat(other.withdraw()).isTrue();

        assertThat(batch.seal()).as("the applied changes may be written").isFalse();
        assertThat(namesAfter(batch, own)).containsExactly("a");
        assertThat(batch.seal()).isTrue();
    }

    /** Returns the names of the attributes that a batch would write, on the record that one of its commits has loaded. */
    private static List<String> namesAfter(CommitBatch batch, Commit commit) {
        return batch.applyTo(commit.base.record(), (before, next) -> next)
                .attributes()
                .names();
    }

    @Test
    void an_interrupted_request_withdraws_changes_that_are_not_being_written() throws Exception {
        Future<CommitOutcome> hung = hang("key");
        AtomicInteger saves = new AtomicInteger();
        Commit mine = commit("key");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> queues.submit(mine, (batch, recent) -> {
                    saves.incrementAndGet();
                    return save(batch);
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
    void a_commit_is_refused_if_too_many_are_waiting() throws Exception {
        CommitQueues narrow = new CommitQueues(Duration.ofSeconds(60), 0, RetryPacer.REAL);
        CountDownLatch leading = new CountDownLatch(1);
        Future<CommitOutcome> first = threads.submit(() -> narrow.submit(commit("key"), (batch, recent) -> {
            leading.countDown();
            await(gate);
            return save(batch);
        }));
        await(leading);

        assertThatThrownBy(() -> narrow.submit(commit("key"), (batch, recent) -> save(batch)))
                .isInstanceOf(SessionUnavailableException.class)
                .hasMessageContaining("c.maxWaitingSaves");
        assertThat(narrow.submit(commit("other"), (batch, recent) -> save(batch)))
                .isInstanceOf(CommitOutcome.Saved.class);

        gate.countDown();
        assertThat(first.get(60, TimeUnit.SECONDS)).isInstanceOf(CommitOutcome.Saved.class);
    }

    @Test
    void a_lease_queue_keeps_nothing_of_requests_that_have_left_or_were_refused() {
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
