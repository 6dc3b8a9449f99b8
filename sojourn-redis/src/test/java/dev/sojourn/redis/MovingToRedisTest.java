package dev.sojourn.redis;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.MovedAtItsFirstChange;
import dev.sojourn.testing.SessionStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Redis, whose index lies apart from the records, keeps every rule while sessions move to it; with the sweep, as the other
 * store has one, and the contract then sweeps what expired long ago.
 */
@ExtendWith(Shared.class)
class MovingToRedisTest extends SessionStoreContract {
    private MemoryStore old = new MemoryStore();

    @Override
    protected SessionStore open() {
        Shared.redis7().command("FLUSHALL");
        old = new MemoryStore();
        return new MovedAtItsFirstChange(old, connected());
    }

    @Override
    protected SessionStore openAnother(SessionStore first) {
        return new MovedAtItsFirstChange(old, connected());
    }

    private static SessionStore connected() {
        return RedisStore.builder()
                .uri(Shared.redis7().uri())
                .expirySweep()
                .timeout(Duration.ofSeconds(20))
                .build();
    }
}
