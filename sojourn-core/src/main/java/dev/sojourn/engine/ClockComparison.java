package dev.sojourn.engine;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store's word on what time it is, beside the one of this node's clock. Where the two differ, neither is taken for right:
 * nothing is removed and nothing is made to last longer.
 */
final class ClockComparison {
    private final Optional<InstantSource> source;
    private final HungCallLimit hung;

    ClockComparison(SessionStore store, HungCallLimit hung) {
        this.source = store.storeClock();
        this.hung = hung;
    }

    /** The store's time; null if it has none or does not answer. */
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

    /** The earlier of the two times; throws what the store throws. */
    Instant earlierOf(Instant now) {
        if (source.isEmpty()) {
            return now;
        }
        Instant its = hung.call(source.get()::instant);
        return its.isBefore(now) ? its : now;
    }
}
