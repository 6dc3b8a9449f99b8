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

/** Tests the cache alone. Its use by requests is tested over HTTP. */
class AccessCacheTest {
    private static final long NOW = Duration.ofDays(20_000).toMillis();
    private static final int INTERVALS = 20_000;

    private final AccessCache accesses =
            new AccessCache(new Deadlines(Duration.ofMinutes(30), Duration.ofHours(12), Duration.ofMinutes(1)));

    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void one_request_per_touch_interval_claims_a_session() {
        StoreKey key = StoreKey.of("key");

        assertThat(accesses.claim(key, NOW)).isTrue();
        assertThat(accesses.claim(key, NOW + 59_999)).isFalse();
        assertThat(accesses.claim(key, NOW + 60_000)).isTrue();
    }

    @Test
    void a_session_that_shares_its_slot_with_another_one_is_claimed() {
        // More sessions than the cache has slots.
        for (int i = 0; i < 100_000; i++) {
            assertThat(accesses.claim(StoreKey.of("key " + i), NOW)).isTrue();
        }
    }

    @Test
    void a_clock_that_was_ahead_for_a_moment_blocks_no_claim() {
        StoreKey key = StoreKey.of("key");
        accesses.claim(key, NOW + Duration.ofHours(13).toMillis());

        assertThat(accesses.claim(key, NOW)).isTrue();
        assertThat(accesses.claim(key, NOW)).isFalse();
    }

    @Test
    void one_of_two_concurrent_requests_claims_their_session() throws Exception {
        StoreKey key = StoreKey.of("key");

        assertThat(claimsPerInterval(key, key)).hasSize(INTERVALS).containsOnly(1);
    }

    @Test
    void two_sessions_that_share_a_slot_are_both_claimed_by_concurrent_requests() throws Exception {
        StoreKey one = StoreKey.of("Aa");
        StoreKey other = StoreKey.of("BB");
        assertThat(one.hashCode()).isEqualTo(other.hashCode());

        assertThat(claimsPerInterval(one, other)).hasSize(INTERVALS).containsOnly(2);
    }

    /** Returns the number of claims by two concurrent requests, for each of many touch intervals. */
    private List<Integer> claimsPerInterval(StoreKey one, StoreKey other) throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        Future<List<Boolean>> first = threads.submit(() -> claims(one, arrived));
        Future<List<Boolean>> second = threads.submit(() -> claims(other, arrived));
        List<Boolean> byFirst = first.get(60, TimeUnit.SECONDS);
        List<Boolean> bySecond = second.get(60, TimeUnit.SECONDS);
        return IntStream.range(0, INTERVALS)
                .mapToObj(interval -> (byFirst.get(interval) ? 1 : 0) + (bySecond.get(interval) ? 1 : 0))
                .toList();
    }

    private List<Boolean> claims(StoreKey key, AtomicInteger arrived) {
        List<Boolean> claims = new ArrayList<>();
        for (int interval = 0; interval < INTERVALS; interval++) {
            arrived.incrementAndGet();
            for (int spins = 0; arrived.get() < 2 * (interval + 1); spins++) {
                if (spins % 1_000 == 999) {
                    LockSupport.parkNanos(1);
                }
            }
            // Without a random pause, the request that arrives last would always claim first.
            for (int pauses = ThreadLocalRandom.current().nextInt(8); pauses > 0; pauses--) {
                Thread.onSpinWait();
            }
            claims.add(accesses.claim(key, NOW + interval * 60_000L));
        }
        return claims;
    }
}
