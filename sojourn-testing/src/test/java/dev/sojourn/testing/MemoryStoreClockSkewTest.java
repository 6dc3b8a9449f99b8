package dev.sojourn.testing;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.SessionStore;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** In one process both nodes share one memory store, whose clock is right. */
class MemoryStoreClockSkewTest extends ClockSkewContract {
    private @Nullable MemoryStore store;

    @BeforeEach
    void reset() {
        store = null;
    }

    @Override
    protected SessionStore open(Clock clock) {
        if (store == null) {
            store = MemoryStore.builder().clock(clock).build();
            return store;
        }
        MemoryStore shared = store;
        store = null;
        return shared;
    }
}
