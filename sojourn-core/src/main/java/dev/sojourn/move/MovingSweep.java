package dev.sojourn.move;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps two stores and reports sessions only, never drafts or marks alone. The home store comes first: a session that
 * has moved but was not written since is identified by the mark in the other store.
 */
final class MovingSweep implements ExpirySweep {
    private final SessionStore home;
    private final Optional<ExpirySweep> homeSweep;
    private final SessionStore away;
    private final Optional<ExpirySweep> awaySweep;
    private final AtomicLong sweeps = new AtomicLong();

    MovingSweep(
            SessionStore home, Optional<ExpirySweep> homeSweep, SessionStore away, Optional<ExpirySweep> awaySweep) {
        this.home = home;
        this.homeSweep = homeSweep;
        this.away = away;
        this.awaySweep = awaySweep;
    }

    @Override
    public int sweep(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
        Round round = new Round(expiredBefore, limit);
        // Alternates: all records of one store up to the limit may fail delivery, which must not keep the other store
        // from being swept.
        if ((sweeps.getAndIncrement() & 1) == 0) {
            round.sweep(homeSweep, away, deliver);
            round.sweep(awaySweep, home, deliver);
        } else {
            round.sweep(awaySweep, home, deliver);
            round.sweep(homeSweep, away, deliver);
        }
        if (round.failure != null) {
            throw round.failure;
        }
        return round.forgotten;
    }

    /**
     * One sweep of both stores. Keeps the first failure, so that the second store is swept after a failure in the
     * first.
     */
    private static final class Round {
        private final Instant expiredBefore;
        private final int limit;
        private int visited;
        private int forgotten;
        private @Nullable RuntimeException failure;

        Round(Instant expiredBefore, int limit) {
            this.expiredBefore = expiredBefore;
            this.limit = limit;
        }

        void sweep(Optional<ExpirySweep> from, SessionStore other, BiConsumer<StoreKey, StoredSession> deliver) {
            if (from.isEmpty() || visited >= limit) {
                return;
            }
            try {
                forgotten += from.get().sweep(expiredBefore, limit - visited, (key, stored) -> {
                    visited++;
                    report(key, stored, other, deliver);
                });
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }

        private static void report(
                StoreKey key, StoredSession stored, SessionStore other, BiConsumer<StoreKey, StoredSession> deliver) {
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
