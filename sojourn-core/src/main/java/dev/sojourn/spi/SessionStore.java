package dev.sojourn.spi;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A map from opaque keys to session records that changes only by compare-and-set. It handles no cookies, attributes or
 * policies: merging, conflicts and lifetimes belong to the engine.
 *
 * <p>There is no blind write. Every change names the state that it replaces, so an ended session cannot come back: no
 * call could write it.
 *
 * <p>All methods may block and are called concurrently from many threads, platform or virtual. An implementation holds
 * no monitor during I/O, uses no thread-locals, starts no threads, and never closes a client or pool that it was given.
 *
 * <p><b>Time.</b> A store removes a record no earlier than five minutes ({@link #GRACE_PERIOD}) after its {@code expiresAt} and may return it
 * until then or later: the engine applies its own clock, and checks {@link #storeClock} before it removes a record
 * because of its time. A store that computes how long to keep a record starts at the call, by the store's own clock: a
 * node's clock may be wrong.
 *
 * <p><b>Failure.</b> A call that fails throws {@link StoreException}, which states whether the call certainly
 * had no effect. "Absent" and "changed concurrently" are results. An interrupted call restores the thread's interrupt
 * flag and throws {@code StoreException}.
 *
 * <p>The rules are executable: {@code SessionStoreContract} in {@code sojourn-testing}.
 */
public interface SessionStore extends AutoCloseable {
    /**
     * The minimum time that a store keeps a record after its {@code expiresAt}: the clocks of two nodes, or of a node and
     * its store, may differ by this much.
     */
    Duration GRACE_PERIOD = Duration.ofMinutes(5);

    /**
     * Returns the record under a key, expired or not.
     *
     * @param key the record's key
     * @return the record, or empty if there is none
     * @throws StoreException if the store is unavailable
     */
    Optional<StoredSession> load(StoreKey key);

    /**
     * Adds a record if there is none under the key, live or expired.
     *
     * @param key the record's key
     * @param session the record to store
     * @return false if there is a record already; nothing was changed then
     * @throws StoreException if the store is unavailable
     */
    boolean create(StoreKey key, StoredSession session);

    /**
     * Replaces the record if its version is the expected one. Never creates. The replacement's subject is the record's,
     * or null: a retired record no longer belongs to its user. An index that reads the records themselves no longer
     * returns it from then on.
     *
     * @param key the record's key
     * @param expected the version that must be present
     * @param replacement the record to store instead
     * @return done, or lost with the present record
     * @throws StoreException if the store is unavailable
     */
    Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement);

    /**
     * Gives the record a new version and a new expiry if its version is the expected one. Payload and subject stay.
     *
     * @param key the record's key
     * @param expected the version that must be present
     * @param version the record's new version
     * @param expiresAt the record's new expiry
     * @return false if another version is present or none; nothing was changed then
     * @throws StoreException if the store is unavailable
     */
    boolean touch(StoreKey key, long expected, long version, Instant expiresAt);

    /**
     * Removes the record if its version is the expected one.
     *
     * @param key the record's key
     * @param expected the version that must be present
     * @return done, or lost with the present record
     * @throws StoreException if the store is unavailable
     */
    Outcome delete(StoreKey key, long expected);

    /**
     * Returns the index of sessions by user, if this store has one. Called once, at start-up.
     *
     * @return the index, or empty
     */
    default Optional<UserIndex> userIndex() {
        return Optional.empty();
    }

    /**
     * Returns the sweep that finds expired records, if they do not expire automatically. Called once, at start-up.
     *
     * @return the sweep, or empty if none is needed
     */
    default Optional<ExpirySweep> expirySweep() {
        return Optional.empty();
    }

    /**
     * Returns the store's own clock, which is independent of the nodes' clocks. Called once, at start-up; each reading
     * of the clock may be a call to the store, which may block and throws {@link StoreException} if the store is unavailable.
     * The engine reads it when the node's clock indicates that a session has ended, or that it was written in the
     * future: a single clock ends no session and shortens none.
     *
     * @return the store's clock, or empty if it has none: then only the store itself and a sweep remove records because
     *     of their time, and none is corrected
     */
    default Optional<InstantSource> storeClock() {
        return Optional.empty();
    }

    /**
     * Returns the stores that do the work, if this one only passes calls on to others: revocations must not be kept in any
     * store that sessions are kept in. Compared by identity. No I/O.
     *
     * @return the stores; by default this one
     */
    default List<SessionStore> innermostStores() {
        return List.of(this);
    }

    /** Releases what the store itself opened; a client or pool that it was given stays open. */
    @Override
    void close();
}
