package dev.sojourn.testing;

import dev.sojourn.move.MovingStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;

/**
 * A store in the middle of a move: every session starts in the old store, on a node that is only prepared for the move, and
 * moves to the new store at its first change. With it a store passes the {@link SessionStoreContract} while sessions move
 * from it or to it. Thread-safe.
 */
public final class MidMoveStore extends ForwardingStore {
    private final MovingStore preparing;
    private final MovingStore moving;

    /**
     * Creates the store.
     *
     * @param old has each session until its first change
     * @param next has each session from its first change on
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
