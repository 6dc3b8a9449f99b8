package dev.sojourn.testing;

import dev.sojourn.move.MovingStore;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.SubjectIndex;
import java.time.Instant;
import java.util.Optional;

/**
 * Two stores whose every session begins in the old one, on a node that moves nothing, and moves at its first change: for
 * {@link SessionStoreContract}, to see that a store keeps every rule while sessions move from it or to it. Thread-safe.
 */
public final class MovedAtItsFirstChange implements SessionStore {
    private final MovingStore preparing;
    private final MovingStore moving;

    /**
     * The two as one.
     *
     * @param old where every session begins
     * @param next where it is from its first change on
     */
    public MovedAtItsFirstChange(SessionStore old, SessionStore next) {
        this.preparing = MovingStore.from(old).preparingFor(next);
        this.moving = MovingStore.from(old).to(next);
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return moving.load(key);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return preparing.create(key, session);
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return moving.compareAndSet(key, expected, replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return moving.touch(key, expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return moving.delete(key, expected);
    }

    @Override
    public Optional<SubjectIndex> subjectIndex() {
        return moving.subjectIndex();
    }

    @Override
    public Optional<ExpirySweep> expirySweep() {
        return moving.expirySweep();
    }

    @Override
    public void close() {
        moving.close();
    }
}
