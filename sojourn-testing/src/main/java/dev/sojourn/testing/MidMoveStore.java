package dev.sojourn.testing;

import dev.sojourn.move.MovingStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;

/**
 * Two stores whose every session begins in the old one, on a node that moves nothing, and moves at its first change: for
 * {@link SessionStoreContract}, to see that a store keeps every rule while sessions move from it or to it. Thread-safe.
 */
public final class MidMoveStore extends ForwardingStore {
    private final MovingStore preparing;
    private final MovingStore moving;

    /**
     * The two as one.
     *
     * @param old where every session begins
     * @param next where it is from its first change on
     */
    public MidMoveStore(SessionStore old, SessionStore next) {
        this.preparing = MovingStore.from(old).preparingFor(next);
        this.moving = MovingStore.from(old).to(next);
    }

    @Override
    protected SessionStore store() {
        return moving;
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return preparing.create(key, session);
    }
}
