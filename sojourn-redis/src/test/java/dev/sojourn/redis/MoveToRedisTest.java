package dev.sojourn.redis;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.MidMoveStore;
import dev.sojourn.testing.SessionStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The store contract while sessions move from memory to Redis, whose user index is separate from the records. Redis has the
 * sweep here because the memory store has one: the contract then sweeps records that expired long ago.
 */
@ExtendWith(SharedServers.class)
class MoveToRedisTest extends SessionStoreContract {
    private MemoryStore old = new MemoryStore();

    @Override
    protected SessionStore open() {
        SharedServers.redis7().command("FLUSHALL");
        old = new MemoryStore();
        return new MidMoveStore(old, connect());
    }

    @Override
    protected SessionStore openAnother(SessionStore first) {
        return new MidMoveStore(old, connect());
    }

    private static SessionStore connect() {
        return RedisStore.builder()
                .uri(SharedServers.redis7().uri())
                .expirySweep()
                .timeout(Duration.ofSeconds(20))
                .build();
    }
}
