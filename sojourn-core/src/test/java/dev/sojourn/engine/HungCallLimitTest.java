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
    private final HungCallLimit calls = new HungCallLimit(MAX, new StandingPacer(nanos));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch back = new CountDownLatch(1);
    private final List<Future<?>> hung = new ArrayList<>();

    @AfterEach
    void end() {
        back.countDown();
        threads.shutdownNow();
    }

    private void pass(long millis) {
        nanos.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    private void hang(int times) throws Exception {
        hang(calls, times);
    }

    private void hang(HungCallLimit under, int times) throws Exception {
        CountDownLatch begun = new CountDownLatch(times);
        for (int i = 0; i < times; i++) {
            hung.add(threads.submit(() -> under.call(() -> {
                begun.countDown();
                return await(back);
            })));
        }
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets all that hang come back. */
    private void comeBack() throws Exception {
        back.countDown();
        for (Future<?> each : hung) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    private void isRefused() {
        assertThatThrownBy(() -> calls.call(() -> "asked"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.isNotDone()).isTrue())
                .hasMessageContaining("maxHungStoreCalls");
    }

    private void isMade() {
        assertThat(calls.call(() -> "asked")).isEqualTo("asked");
    }

    @Test
    void many_calls_are_made_at_once_while_the_silence_is_short() throws Exception {
        hang(50);
        pass(900);
        hang(50);
        isMade();
    }

    @Test
    void the_first_call_after_a_silence_finds_out_and_the_next_are_refused_while_it_hangs_too() throws Exception {
        hang(MAX);
        pass(1_001);
        hang(1);
        pass(251);
        isRefused();
        isRefused();
        comeBack();
        isMade();
    }

    @Test
    void calls_of_a_store_in_memory_are_never_refused() throws Exception {
        HungCallLimit inMemory = HungCallLimit.of(new MemoryStore(), MAX, new StandingPacer(nanos));
        hang(inMemory, MAX + 1);
        pass(2_000);
        hang(inMemory, 1);
        pass(300);

        assertThat(inMemory.call(() -> "asked")).isEqualTo("asked");
    }

    @Test
    void an_answer_to_the_call_that_finds_out_ends_the_doubt() throws Exception {
        hang(20);
        pass(5_000);
        isMade();
        pass(900);
        isMade();
        pass(900);
        isMade();
    }

    @Test
    void a_failure_that_comes_at_once_is_an_answer_too() throws Exception {
        hang(MAX);
        pass(1_001);
        assertThatThrownBy(() -> calls.call(() -> {
                    throw StoreException.notDone("refused", null);
                }))
                .hasMessage("refused");
        pass(251);
        isMade();
    }

    @Test
    void a_failure_at_its_deadline_makes_room_for_one_call_and_is_no_answer() throws Exception {
        hang(MAX);
        pass(1_001);
        assertThatThrownBy(() -> calls.call(() -> {
                    pass(5_000);
                    throw StoreException.unknown("no answer", null);
                }))
                .hasMessage("no answer");
        isRefused();
        comeBack();
    }

    @Test
    void fewer_calls_than_the_limit_are_never_refused() throws Exception {
        hang(MAX - 1);
        pass(60_000);
        assertThatThrownBy(() -> calls.call(() -> {
                    pass(5_000);
                    throw StoreException.unknown("no answer", null);
                }))
                .hasMessage("no answer");
        isMade();
    }

    @Test
    void after_a_night_without_calls_a_crowd_is_let_in() throws Exception {
        isMade();
        pass(Duration.ofHours(8).toMillis());
        hang(50);
        isMade();
    }

    /** Hangs as many calls as may, and one more that finds out that the silence goes on. */
    private void refuseFurtherCalls() throws Exception {
        hang(MAX);
        pass(1_001);
        hang(1);
        pass(251);
        isRefused();
    }

    @Test
    void a_store_that_hangs_is_not_asked_for_its_time_either() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ForwardingStore store = new ForwardingStore() {
            @Override
            protected SessionStore store() {
                return new MemoryStore();
            }

            @Override
            public Optional<InstantSource> storeClock() {
                return Optional.of(() -> {
                    asked.incrementAndGet();
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

        assertThat(asked).hasValue(1);
    }

    @Test
    void a_store_that_hangs_is_not_asked_for_its_users_either() throws Exception {
        MemoryStore store = new MemoryStore();
        UserIndexProtocol index = new UserIndexProtocol(
                store,
                new Deadlines(Duration.ofMinutes(30), Duration.ofHours(12), Duration.ofMinutes(1)),
                calls,
                new StandingPacer(nanos));
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
