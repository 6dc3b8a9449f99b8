package dev.sojourn.spi;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A store that passes every call on to another one: for metrics, tracing or logs around a store. Override what you want to see,
 * and call {@code super}.
 *
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
 * <p>A method that {@link SessionStore} gets later is passed on too, also one with a default. Index and sweep are objects of
 * their own: whoever wants to see their calls wraps what {@link #subjectIndex} and {@link #expirySweep} return.
 *
 * <p><b>What a subclass owes.</b> It is a store, and the engine relies on its answers as on any other's:
 *
 * <ul>
 *   <li>Each call is asked of the store behind it once, and answered with what that said. Not asked again after a failure: the
 *       engine repeats what may be repeated.
 *   <li>A {@link StoreException} goes up as it is. One whose outcome is {@link StoreException#unknown() unknown} never becomes an
 *       answer or a {@link StoreException#notDone() notDone}.
 *   <li>Nothing is answered from a cache: an old record would bring back what has ended.
 *   <li>What it does itself neither fails nor waits. It is called from many threads at once and holds no monitor over a call.
 *   <li>No key and no payload goes into a name, a tag or a log: with some formats the key is the id itself.
 * </ul>
 *
 * <p>Thread-safe as far as the subclass is; blocks as the store behind it does.
 */
public abstract class ForwardingStore implements SessionStore {
    /** For subclasses. */
    protected ForwardingStore() {}

    /**
     * The store behind this one. Asked once by each call, so it may change, and may throw {@link StoreException} for a call that
     * cannot be passed on.
     *
     * @return the store
     */
    protected abstract SessionStore store();

    /**
     * The store that does the work, behind all that pass calls on to it: for whoever has to know its kind.
     *
     * @param store any store
     * @return the one behind it, or itself
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

    /** Closes the store behind this one. */
    @Override
    public void close() {
        store().close();
    }
}
