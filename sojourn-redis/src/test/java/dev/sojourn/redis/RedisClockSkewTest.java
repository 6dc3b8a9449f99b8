package dev.sojourn.redis;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.ClockSkewContract;
import java.time.Clock;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServers.class)
class RedisClockSkewTest extends ClockSkewContract {
    @Override
    protected SessionStore open(Clock clock) {
        return RedisStore.builder()
                .uri(SharedServers.redis7().uri())
                .clock(clock)
                .build();
    }
}
