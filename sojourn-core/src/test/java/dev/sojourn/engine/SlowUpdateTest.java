package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionListener;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Tests a request that saves for other requests, one of which has a slow function, while another node writes the session. */
class SlowUpdateTest {
    private static final Duration LONGER_THAN_A_COMMIT = SessionRecords.COMMIT_TIMEOUT.plusSeconds(1);
    private static final int MAX_ATTEMPTS = 200;

    private final AtomicLong nanos = new AtomicLong();
    private final ContestedStore store = new ContestedStore();
    private final SessionRecords records = records();
    private final ValueCodec values = new ValueCodec(JsonMapper.shared());
    private final EventBuffer events = new EventBuffer(new SessionListener() {});
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** A store that holds back the first write, and to which another node writes before a later one. */
    private static final class ContestedStore extends ForwardingStore {
        private final MemoryStore store = new MemoryStore();
        private final AtomicReference<@Nullable CountDownLatch> holdNext = new AtomicReference<>();
        private final AtomicBoolean contested = new AtomicBoolean();
        private volatile CountDownLatch held = new CountDownLatch(1);

        @Override
        protected SessionStore store() {
            return store;
        }

        @Override
        public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
            CountDownLatch gate = holdNext.getAndSet(null);
            if (gate != null) {
                held.countDown();
                await(gate);
            }
            if (contested.compareAndSet(true, false)) {
                assertThat(store.touch(key, expected, expected + 1, replacement.expiresAt()))
                        .isTrue();
            }
            return super.compareAndSet(key, expected, replacement);
        }
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    private SessionRecords records() {
        EngineSettings.Builder builder = new EngineSettings.Builder();
        builder.store = store;
        EngineSettings settings = builder.build(List.of("vG1kJ8s0Qd7yRz3mXw5nTb2cLp9fHa6e"));
        RetryPacer pacer = new ManualRetryPacer(nanos);
        HungCallLimit limit = HungCallLimit.of(store, settings.limits.maxHungStoreCalls(), pacer);
        return new SessionRecords(
                settings,
                new ConfirmingStore(store, limit, pacer),
                new UserIndexProtocol(store, settings.deadlines, limit, pacer),
                new ClockComparison(store, limit),
                pacer);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AttributeChange set(String name) {
        return new AttributeChange.Set(name, "1".getBytes(StandardCharsets.UTF_8), null);
    }

    /** Three requests: the write of the first one hangs, and one of the other two saves for both. */
    private final class Requests {
        private final AtomicReference<@Nullable Thread> slowRequest = new AtomicReference<>();
        private final AtomicBoolean savedByAnother = new AtomicBoolean();

        /** Returns an update whose function is slow only if another request runs it. */
        private AttributeChange slow() {
            return new AttributeChange.Update<Integer>(
                    values,
                    "slow",
                    values.type(Integer.class),
                    before -> {
                        if (Thread.currentThread() != slowRequest.get()) {
                            nanos.addAndGet(LONGER_THAN_A_COMMIT.toNanos());
                            store.contested.set(true);
                            savedByAnother.set(true);
                        }
                        return 1;
                    },
                    UnreadablePolicy.IGNORE_ATTRIBUTE);
        }

        private Future<CommitOutcome> save(RecordSnapshot base, AttributeChange change, CountDownLatch started) {
            return threads.submit(() -> {
                started.countDown();
                return records.replace(new Commit(base, List.of(change)), events);
            });
        }

        /** Returns the result of the request whose own change is quick; null if it did not save for the slow one. */
        @Nullable
        CommitOutcome run() throws Exception {
            SessionRecord record = SessionRecord.live(Instant.now().truncatedTo(ChronoUnit.MILLIS), null);
            RecordSnapshot base = records.create(
                            record,
                            new PendingIdChange(
                                    Clock.systemUTC(), () -> UUID.randomUUID().toString()),
                            events)
                    .snapshot();
            CountDownLatch gate = new CountDownLatch(1);
            store.held = new CountDownLatch(1);
            store.holdNext.set(gate);
            CountDownLatch started = new CountDownLatch(3);
            Future<CommitOutcome> first = save(base, set("first"), started);
            await(store.held);
            Future<CommitOutcome> quick = save(base, set("quick"), started);
            Future<CommitOutcome> slow = threads.submit(() -> {
                slowRequest.set(Thread.currentThread());
                started.countDown();
                return records.replace(new Commit(base, List.of(slow())), events);
            });
            await(started);
            Thread slowThread = slowRequest.get();
            while (slowThread != null && slowThread.getState() == Thread.State.RUNNABLE) {
                Thread.onSpinWait();
            }
            gate.countDown();
            first.get(60, TimeUnit.SECONDS);
            CommitOutcome result = quick.get(60, TimeUnit.SECONDS);
            slow.cancel(true);
            return savedByAnother.get() ? result : null;
        }
    }

    @Test
    void the_time_of_the_slow_function_does_not_count_for_the_request_that_saves() throws Exception {
        @Nullable CommitOutcome result = null;
        for (int attempts = 0; result == null && attempts < MAX_ATTEMPTS; attempts++) {
            result = new Requests().run();
        }

        assertThat(result)
                .isInstanceOfSatisfying(
                        CommitOutcome.Saved.class,
                        saved -> assertThat(
                                        saved.snapshot().record().attributes().names())
                                .contains("quick"));
    }
}
