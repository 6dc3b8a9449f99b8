package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionListener;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HungCallLimitTest {
    private static final int MAX = 4;

    private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);
    private final HungCallLimit calls = new HungCallLimit(MAX, new ManualRetryPacer(nanos));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<Future<?>> hung = new ArrayList<>();

    @AfterEach
    void stopThreads() {
        released.countDown();
        threads.shutdownNow();
    }

    private void advanceMillis(long millis) {
        nanos.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    private void hang(int times) throws Exception {
        hang(calls, times);
    }

    private void hang(HungCallLimit limit, int times) throws Exception {
        CountDownLatch started = new CountDownLatch(times);
        for (int i = 0; i < times; i++) {
            hung.add(threads.submit(() -> limit.call(() -> {
                started.countDown();
                return await(released);
            })));
        }
        assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets all hung calls return. */
    private void releaseHungCalls() throws Exception {
        released.countDown();
        for (Future<?> each : hung) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    private void assertRefused() {
        assertThatThrownBy(() -> calls.call(() -> "made"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.isNotDone()).isTrue())
                .hasMessageContaining("maxHungStoreCalls");
    }

    private void assertMade() {
        assertThat(calls.call(() -> "made")).isEqualTo("made");
    }

    @Test
    void calls_are_not_limited_if_the_store_responded_within_a_second() throws Exception {
        hang(50);
        advanceMillis(900);
        hang(50);
        assertMade();
    }

    @Test
    void after_a_second_without_a_response_one_call_probes_the_store_and_further_calls_are_refused() throws Exception {
        hang(MAX);
        advanceMillis(1_001);
        hang(1);
        advanceMillis(251);
        assertRefused();
        assertRefused();
        releaseHungCalls();
        assertMade();
    }

    @Test
    void calls_of_an_in_memory_store_are_never_refused() throws Exception {
        HungCallLimit inMemory = HungCallLimit.of(new MemoryStore(), MAX, new ManualRetryPacer(nanos));
        hang(inMemory, MAX + 1);
        advanceMillis(2_000);
        hang(inMemory, 1);
        advanceMillis(300);

        assertThat(inMemory.call(() -> "made")).isEqualTo("made");
    }

    @Test
    void a_response_to_the_probe_ends_the_limit() throws Exception {
        hang(20);
        advanceMillis(5_000);
        assertMade();
        advanceMillis(900);
        assertMade();
        advanceMillis(900);
        assertMade();
    }

    @Test
    void an_immediate_failure_of_the_probe_counts_as_a_response() throws Exception {
        hang(MAX);
        advanceMillis(1_001);
        assertThatThrownBy(() -> calls.call(() -> {
                    throw StoreException.notDone("refused", null);
                }))
                .hasMessage("refused");
        advanceMillis(251);
        assertMade();
    }

    @Test
    void a_failure_at_the_deadline_does_not_count_as_a_response() throws Exception {
        hang(MAX);
        advanceMillis(1_001);
        assertThatThrownBy(() -> calls.call(() -> {
                    advanceMillis(5_000);
                    throw StoreException.unknown("no response", null);
                }))
                .hasMessage("no response");
        assertRefused();
        releaseHungCalls();
    }

    @Test
    void fewer_calls_than_the_limit_are_never_refused() throws Exception {
        hang(MAX - 1);
        advanceMillis(60_000);
        assertThatThrownBy(() -> calls.call(() -> {
                    advanceMillis(5_000);
                    throw StoreException.unknown("no response", null);
                }))
                .hasMessage("no response");
        assertMade();
    }

    @Test
    void many_calls_are_made_after_hours_without_calls() throws Exception {
        assertMade();
        advanceMillis(Duration.ofHours(8).toMillis());
        hang(50);
        assertMade();
    }

    /** Hangs as many calls as the limit allows, and one that probes the store. */
    private void refuseFurtherCalls() throws Exception {
        hang(MAX);
        advanceMillis(1_001);
        hang(1);
        advanceMillis(251);
        assertRefused();
    }

    @Test
    void the_clock_of_a_hung_store_is_not_read() throws Exception {
        AtomicInteger clockReads = new AtomicInteger();
        ForwardingStore store = new ForwardingStore() {
            @Override
            protected SessionStore store() {
                return new MemoryStore();
            }

            @Override
            public Optional<InstantSource> storeClock() {
                return Optional.of(() -> {
                    clockReads.incrementAndGet();
                    return Instant.EPOCH;
                });
            }
        };
        ClockComparison time = new ClockComparison(store, calls);
        EventBuffer events = new EventBuffer(new SessionListener() {});
        assertThat(time.ask(events)).isEqualTo(Instant.EPOCH);
        refuseFurtherCalls();

        assertThat(time.ask(events)).isNull();
        assertThatThrownBy(() -> time.earlierOf(Instant.EPOCH)).isInstanceOf(StoreException.class);

        assertThat(clockReads).hasValue(1);
    }

    @Test
    void the_user_index_of_a_hung_store_is_not_called() throws Exception {
        MemoryStore store = new MemoryStore();
        UserIndexProtocol index = new UserIndexProtocol(
                store,
                new Deadlines(Duration.ofMinutes(30), Duration.ofHours(12), Duration.ofMinutes(1)),
                calls,
                new ManualRetryPacer(nanos));
        EventBuffer events = new EventBuffer(new SessionListener() {});
        assertThat(index.find("alice", null, 1, events)).isEmpty();
        refuseFurtherCalls();

        assertThatThrownBy(() -> index.find("alice", null, 1, events))
                .isInstanceOf(SessionUnavailableException.class)
                .hasMessageContaining("maxHungStoreCalls");
        assertThatThrownBy(() -> index.advanceEpoch("alice", Instant.now(), events))
                .isInstanceOf(SessionUnavailableException.class)
                .hasMessageContaining("maxHungStoreCalls");
    }
}
