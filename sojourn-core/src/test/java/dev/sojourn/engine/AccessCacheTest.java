package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The table alone; what requests do with it is tried over HTTP. */
class AccessCacheTest {
    private static final long NOW = Duration.ofDays(20_000).toMillis();
    private static final int ROUNDS = 20_000;

    private final AccessCache accesses =
            new AccessCache(new Deadlines(Duration.ofMinutes(30), Duration.ofHours(12), Duration.ofMinutes(1)));

    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void one_request_in_a_touch_interval_sees_to_a_session() {
        StoreKey key = StoreKey.of("key");

        assertThat(accesses.claim(key, NOW)).isTrue();
        assertThat(accesses.claim(key, NOW + 59_999)).isFalse();
        assertThat(accesses.claim(key, NOW + 60_000)).isTrue();
    }

    @Test
    void a_session_that_shares_its_place_with_another_one_is_seen_to() {
        // More sessions than there are places.
        for (int i = 0; i < 100_000; i++) {
            assertThat(accesses.claim(StoreKey.of("key " + i), NOW)).isTrue();
        }
    }

    @Test
    void a_clock_that_was_ahead_for_a_moment_silences_no_session() {
        StoreKey key = StoreKey.of("key");
        accesses.claim(key, NOW + Duration.ofHours(13).toMillis());

        assertThat(accesses.claim(key, NOW)).isTrue();
        assertThat(accesses.claim(key, NOW)).isFalse();
    }

    @Test
    void one_of_two_requests_that_come_at_the_same_time_sees_to_their_session() throws Exception {
        StoreKey key = StoreKey.of("key");

        assertThat(claimsOfEachRound(key, key)).hasSize(ROUNDS).containsOnly(1);
    }

    @Test
    void each_of_two_sessions_that_share_a_place_is_seen_to_when_both_come_at_the_same_time() throws Exception {
        StoreKey one = StoreKey.of("Aa");
        StoreKey other = StoreKey.of("BB");
        assertThat(one.hashCode()).isEqualTo(other.hashCode());

        assertThat(claimsOfEachRound(one, other)).hasSize(ROUNDS).containsOnly(2);
    }

    /** How many of two requests that come at the same time have to see to their session, once in each touch interval. */
    private List<Integer> claimsOfEachRound(StoreKey one, StoreKey other) throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        Future<List<Boolean>> first = threads.submit(() -> claims(one, arrived));
        Future<List<Boolean>> second = threads.submit(() -> claims(other, arrived));
        List<Boolean> byFirst = first.get(60, TimeUnit.SECONDS);
        List<Boolean> bySecond = second.get(60, TimeUnit.SECONDS);
        return IntStream.range(0, ROUNDS)
                .mapToObj(round -> (byFirst.get(round) ? 1 : 0) + (bySecond.get(round) ? 1 : 0))
                .toList();
    }

    private List<Boolean> claims(StoreKey key, AtomicInteger arrived) {
        List<Boolean> claims = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            arrived.incrementAndGet();
            for (int spins = 0; arrived.get() < 2 * (round + 1); spins++) {
                if (spins % 1_000 == 999) {
                    LockSupport.parkNanos(1);
                }
            }
            // The one that arrives last would always be first.
            for (int pauses = ThreadLocalRandom.current().nextInt(8); pauses > 0; pauses--) {
                Thread.onSpinWait();
            }
            claims.add(accesses.claim(key, NOW + round * 60_000L));
        }
        return claims;
    }
}
