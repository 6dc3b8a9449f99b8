package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The table alone; what requests do with it is tried over HTTP. */
class AccessCacheTest {
    private static final long NOW = Duration.ofDays(20_000).toMillis();

    private final AccessCache accesses =
            new AccessCache(new Deadlines(Duration.ofMinutes(30), Duration.ofHours(12), Duration.ofMinutes(1)));

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
}
