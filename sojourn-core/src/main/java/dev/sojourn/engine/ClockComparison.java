package dev.sojourn.engine;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the store's clock with this node's. If the two differ, neither is trusted: nothing is removed and nothing is
 * extended.
 */
final class ClockComparison {
    private final Optional<InstantSource> source;
    private final HungCallLimit hung;

    ClockComparison(SessionStore store, HungCallLimit hung) {
        this.source = store.storeClock();
        this.hung = hung;
    }

    /** Returns the store's time; null if it has none or is unavailable. */
    @Nullable
    Instant ask(EventBuffer events) {
        if (source.isEmpty()) {
            return null;
        }
        try {
            return hung.call(source.get()::instant);
        } catch (StoreException e) {
            events.storeUnavailable(e);
            return null;
        }
    }

    /** Returns the earlier of the two times; throws what the store throws. */
    Instant earlierOf(Instant now) {
        if (source.isEmpty()) {
            return now;
        }
        Instant its = hung.call(source.get()::instant);
        return its.isBefore(now) ? its : now;
    }
}
