package dev.sojourn.spi;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A store that forwards every call to another one: for metrics, tracing or logging. Override the methods of interest
 * and call {@code super}.
 * <pre>{@code
 * final class TimedStore extends ForwardingStore {
 *     private final SessionStore store;
 *     …
 *     @Override
 *     protected SessionStore store() {
 *         return store;
 *     }
 *
 *     @Override
 *     public Optional<StoredSession> load(StoreKey key) {
 *         try (var timing = loads.start()) {
 *             return super.load(key);
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Methods that are added to {@link SessionStore} later are forwarded too, including default methods. Index and sweep
 * are separate objects: to intercept their calls, wrap the results of {@link #userIndex} and {@link #expirySweep}.
 *
 * <p><b>Rules for subclasses.</b> A subclass is a store, and the engine relies on its results as on any other's:
 * <ul>
 *   <li>Each call is forwarded once, and its result is returned unchanged. Do not repeat a call after a failure: the
 *       engine repeats what may be repeated.
 *   <li>A {@link StoreException} is rethrown unchanged. One whose outcome is {@link StoreException#isUnknown() unknown}
 *       never becomes a result or a {@link StoreException#notDone notDone}.
 *   <li>Nothing is served from a cache: an old record would bring back an ended session.
 *   <li>The subclass's own code neither fails nor waits. It is called from many threads concurrently and holds no
 *       monitor during a call.
 *   <li>No key and no payload goes into a name, a tag or a log: with some formats the key is the id itself.
 * </ul>
 *
 * <p>Thread-safe if the subclass is; blocks as the other store does.
 */
public abstract class ForwardingStore implements SessionStore {
    /** Creates the store, for subclasses. */
    protected ForwardingStore() {}

    /**
     * Returns the store that receives the calls. Called once for each forwarded call, so it may change, and may throw
     * {@link StoreException} for a call that cannot be forwarded.
     *
     * @return the store
     */
    protected abstract SessionStore store();

    /**
     * Returns the store that does the work, behind all forwarding stores, for code that has to know its type.
     *
     * @param store any store
     * @return the innermost store, or the store itself
     */
    public static SessionStore innermost(SessionStore store) {
        SessionStore at = store;
        while (at instanceof ForwardingStore forwarding) {
            at = forwarding.store();
        }
        return at;
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return store().load(key);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return store().create(key, session);
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return store().compareAndSet(key, expected, replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return store().touch(key, expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return store().delete(key, expected);
    }

    @Override
    public Optional<UserIndex> userIndex() {
        return store().userIndex();
    }

    @Override
    public Optional<ExpirySweep> expirySweep() {
        return store().expirySweep();
    }

    @Override
    public Optional<InstantSource> storeClock() {
        return store().storeClock();
    }

    @Override
    public List<SessionStore> innermostStores() {
        return store().innermostStores();
    }

    /** Closes the other store. */
    @Override
    public void close() {
        store().close();
    }
}
