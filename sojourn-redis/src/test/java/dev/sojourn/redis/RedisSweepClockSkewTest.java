package dev.sojourn.redis;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.ClockSkewContract;
import java.time.Clock;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract for wrong clocks, with the sweep, by which one wrong clock could also end a session. */
@ExtendWith(SharedServers.class)
class RedisSweepClockSkewTest extends ClockSkewContract {
    @Override
    protected SessionStore open(Clock clock) {
        return RedisStore.builder()
                .uri(SharedServers.redis("6.2").uri())
                .clock(clock)
                .expirySweep()
                .build();
    }
}
