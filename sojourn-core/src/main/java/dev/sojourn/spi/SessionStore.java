package dev.sojourn.spi;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A map from opaque keys to session records that changes only by compare-and-set. It knows no cookie, no attribute and
 * no policy: merging, conflicts and lifetimes live in the engine.
 *
 * <p>There is no blind write. Every mutation names the state that it replaces, so a session that was ended cannot come
 * back: there is no call to write it with.
 *
 * <p>All methods may block and are called from many threads at once, platform or virtual. An implementation holds no
 * monitor over I/O, uses no thread-locals, starts no threads, and never closes a client or pool that it was given.
 *
 * <p><b>Time.</b> A store forgets a record no earlier than five minutes ({@link #GRACE_PERIOD}) after its {@code expiresAt} and may return it
 * until then or later: the engine judges by its own clock, and asks for {@link #storeClock} before it removes one because of its
 * time. A store that counts how long it has to keep a record does so from the call on, by its own clock: a node's may be wrong.
 *
 * <p><b>Failure.</b> A call that cannot answer throws {@link StoreException}, which says whether the call certainly
 * had no effect. "Absent" and "changed meanwhile" are results. An interrupted call restores the thread's interrupt flag
 * and throws {@code StoreException}.
 *
 * <p>The rules are executable: {@code SessionStoreContract} in {@code sojourn-testing}.
 */
public interface SessionStore extends AutoCloseable {
    /**
     * How long a store keeps a record after its {@code expiresAt}, at least: the clocks of two nodes, or of a node and its store,
     * may differ by this much.
     */
    Duration GRACE_PERIOD = Duration.ofMinutes(5);

    /**
     * What stands under this key, expired or not.
     *
     * @param key the record's key
     * @return the record, or empty if there is none
     * @throws StoreException if the store cannot answer
     */
    Optional<StoredSession> load(StoreKey key);

    /**
     * Adds a record if there is none at all under the key, live or expired.
     *
     * @param key the record's key
     * @param session what to keep
     * @return false if there is a record already; nothing was changed then
     * @throws StoreException if the store cannot answer
     */
    boolean create(StoreKey key, StoredSession session);

    /**
     * Replaces the record if its version is the expected one. Never creates. The replacement's subject is the record's, or
     * null: a record whose place another one takes belongs to its user no more. An index that looks at the records names it
     * no more from then on.
     *
     * @param key the record's key
     * @param expected the version that must stand there
     * @param replacement what to keep instead
     * @return done, or lost with what stands there now
     * @throws StoreException if the store cannot answer
     */
    Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement);

    /**
     * Gives the record a new version and a new expiry if its version is the expected one. Payload and subject stay.
     *
     * @param key the record's key
     * @param expected the version that must stand there
     * @param version the record's new version
     * @param expiresAt the record's new expiry
     * @return false if another version stands there or none; nothing was changed then
     * @throws StoreException if the store cannot answer
     */
    boolean touch(StoreKey key, long expected, long version, Instant expiresAt);

    /**
     * Removes the record if its version is the expected one.
     *
     * @param key the record's key
     * @param expected the version that must stand there
     * @return done, or lost with what stands there now
     * @throws StoreException if the store cannot answer
     */
    Outcome delete(StoreKey key, long expected);

    /**
     * The index of sessions by user, if this store keeps one. Asked for once, at start-up.
     *
     * @return the index, or empty
     */
    default Optional<UserIndex> userIndex() {
        return Optional.empty();
    }

    /**
     * The way to find expired records, if they do not vanish by themselves. Asked for once, at start-up.
     *
     * @return the sweep, or empty if none is needed
     */
    default Optional<ExpirySweep> expirySweep() {
        return Optional.empty();
    }

    /**
     * The time as the store itself knows it, apart from the clocks of the nodes that use it. Asked for once, at start-up; each
     * look at it may be a call to the store, which may block and throws {@link StoreException} if it cannot answer. The engine
     * looks when the node's clock says that a session has ended, or that it was written in the future: what one clock says
     * ends no session and shortens none.
     *
     * @return the store's clock, or empty if it has none: then nothing is removed or corrected because of its time, but by the
     *     store itself and by a sweep
     */
    default Optional<InstantSource> storeClock() {
        return Optional.empty();
    }

    /** Gives back what the store itself opened; a client or pool that it was given stays open. */
    @Override
    void close();
}
