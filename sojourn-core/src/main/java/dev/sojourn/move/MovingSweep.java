package dev.sojourn.move;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.FirstFailure;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * Sweeps two stores and reports sessions only, never drafts or marks alone. A session that has moved but was not
 * written since is identified by the mark in the other store.
 */
final class MovingSweep implements ExpirySweep {
    private final SessionStore primary;
    private final Optional<ExpirySweep> primarySweep;
    private final SessionStore secondary;
    private final Optional<ExpirySweep> secondarySweep;
    private final AtomicLong sweeps = new AtomicLong();

    MovingSweep(
            SessionStore primary,
            Optional<ExpirySweep> primarySweep,
            SessionStore secondary,
            Optional<ExpirySweep> secondarySweep) {
        this.primary = primary;
        this.primarySweep = primarySweep;
        this.secondary = secondary;
        this.secondarySweep = secondarySweep;
    }

    @Override
    public int sweep(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
        Pass pass = new Pass(expiredBefore, limit, deliver);
        // Alternates: all records of one store up to the limit may fail delivery, which must not keep the other store
        // from being swept.
        if ((sweeps.getAndIncrement() & 1) == 0) {
            pass.sweep(primarySweep, secondary);
            pass.sweep(secondarySweep, primary);
        } else {
            pass.sweep(secondarySweep, primary);
            pass.sweep(primarySweep, secondary);
        }
        pass.failures.throwIfAny();
        return pass.removed;
    }

    /** One sweep of both stores. A failure in the first store does not keep the second from being swept. */
    private static final class Pass {
        private final Instant expiredBefore;
        private final int limit;
        private final BiConsumer<StoreKey, StoredSession> deliver;
        private final FirstFailure failures = new FirstFailure();
        private int visited;
        private int removed;

        Pass(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
            this.expiredBefore = expiredBefore;
            this.limit = limit;
            this.deliver = deliver;
        }

        void sweep(Optional<ExpirySweep> from, SessionStore other) {
            if (from.isEmpty() || visited >= limit) {
                return;
            }
            failures.attempt(() -> removed += from.get().sweep(expiredBefore, limit - visited, (key, stored) -> {
                visited++;
                report(key, stored, other);
            }));
        }

        private void report(StoreKey key, StoredSession stored, SessionStore other) {
            MoveSlot slot = MoveSlot.read(stored);
            if (slot instanceof MoveSlot.Plain plain) {
                deliver.accept(key, plain.record());
            } else if (slot instanceof MoveSlot.Draft draft
                    && MoveSlot.of(other.load(key)) instanceof MoveSlot.Mark mark
                    && mark.token() == draft.token()) {
                deliver.accept(key, draft.record());
            }
        }
    }
}
