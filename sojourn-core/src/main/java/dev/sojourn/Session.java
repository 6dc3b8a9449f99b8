package dev.sojourn;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the application keeps for one client between requests.
 *
 * <p>An instance belongs to one request and is used by one thread at a time. The first call of any method except {@code
 * toString} loads the session and may block on the store, with one load. Later reads and changes of attributes happen
 * in memory. Changes are saved before the response is sent. {@link #update}, {@link #save} and {@link #reload} call the
 * store immediately.
 *
 * <p>An attribute is stored as JSON. A value reads back exactly as it was set, with its class, order, time zone and
 * precision; otherwise {@link #set} rejects it and explains why. A value is read as the requested type. A value that
 * would have to be coerced (1.9 to 1, an empty text to null) is unreadable instead. By default an unreadable attribute
 * reads as absent and stays stored: keep names that users choose apart from the application's names. Changes inside a
 * value that {@link #get} returned (an added list element) are detected and saved.
 *
 * <p>Concurrent requests that change different attributes of a session never lose each other's changes. For the same
 * attribute the last write wins; {@link #update} is exact under any concurrency.
 *
 * <p>The id itself is not accessible. {@link #publicId()} is safe to show to anyone.
 *
 * <p>All methods throw {@link SessionUnavailableException} if the store is unavailable, and {@link
 * IllegalStateException} once the request has ended.
 */
public interface Session {
    /**
     * Returns the value of an attribute.
     *
     * @param name its name
     * @param type the type to read; {@code Object.class} returns texts, booleans, {@code Integer}, {@code Long}, {@code
     *     BigInteger}, {@code Double}, lists and maps, as in JSON
     * @param <T> that type
     * @return the value, or null if there is none or if it cannot be read as that type (see {@link
     *     Sessions.Config#whenUnreadable})
     */
    <T> @Nullable T get(String name, Class<T> type);

    /**
     * Returns the value of an attribute.
     *
     * @param key its name and type
     * @param <T> that type
     * @return the value, or null if there is none or if it cannot be read as that type
     */
    <T> @Nullable T get(Key<T> key);

    /**
     * Sets an attribute to a value that {@link #get(String, Class)} returns for the value's own class. For a list, set
     * or map of anything but texts, booleans and plain numbers use a {@link Key}, which specifies the element types:
     * {@link Key#listOf}, {@link Key#setOf}, {@link Key#mapOf}.
     *
     * @param name its name, at most 256 characters
     * @param value its value; null is rejected, use {@link #remove}
     * @throws IllegalArgumentException if the name is too long or not well-formed, or if the value would read back
     *     differently; the message names the place, the reason and what to do
     * @throws SessionTooLargeException if the value alone exceeds the limit for a session
     * @throws IllegalStateException if the response's head was already sent and the session was never stored: the
     *     client could not return to it
     */
    void set(String name, Object value);

    /**
     * Sets an attribute to a value that {@link #get(Key)} returns.
     *
     * @param key its name and type
     * @param value its value; null is rejected, use {@link #remove}
     * @param <T> the type
     * @throws IllegalArgumentException if the value would read back differently
     */
    <T> void set(Key<T> key, T value);

    /**
     * Removes an attribute. Does nothing if it is absent.
     *
     * @param name its name
     */
    void remove(String name);

    /**
     * Removes an attribute. Does nothing if it is absent.
     *
     * @param key its name
     */
    void remove(Key<?> key);

    /**
     * Returns whether an attribute is present.
     *
     * @param name its name
     * @return true if it is present, readable or not
     */
    boolean has(String name);

    /**
     * Returns whether an attribute is present.
     *
     * @param key its name
     * @return true if it is present, readable or not
     */
    boolean has(Key<?> key);

    /**
     * Returns the names of all attributes, in the order in which they were first set.
     *
     * @return the names, a copy
     */
    Set<String> names();

    /** Removes all attributes that are present when this change is saved. Id and subject stay. */
    void clear();

    /**
     * Changes an attribute with a function and saves immediately, together with all changes so far. Blocks. However
     * many requests do this concurrently, each change starts from the one accepted before it: a counter never loses an
     * increment. Later changes in the request cost one more save at its end.
     *
     * @param name the attribute's name
     * @param type its type
     * @param change from the present value (null if there is none) to the new one (null removes it); a pure function:
     *     it may run several times, also on the thread of another request of this session, and must not use the session
     * @param <T> that type
     * @return the value that was saved
     * @throws IllegalArgumentException if the function's result would read back differently
     * @throws SessionEndedException if the session was ended concurrently, or is ended now because the present value
     *     cannot be read as that type (see {@link Sessions.Config#whenUnreadable})
     * @throws SessionSupersededException if the session got a new id concurrently
     * @throws SessionUnavailableException if the store is unavailable, or did not confirm the save
     */
    <T> @Nullable T update(String name, Class<T> type, UnaryOperator<@Nullable T> change);

    /**
     * Changes an attribute with a function and saves immediately; see {@link #update(String, Class, UnaryOperator)}.
     *
     * @param key the attribute's name and type
     * @param change from the present value to the new one
     * @param <T> that type
     * @return the value that was saved
     */
    <T> @Nullable T update(Key<T> key, UnaryOperator<@Nullable T> change);

    /**
     * Returns whether this session has no record in the store yet.
     *
     * @return true until it is first saved
     */
    boolean isNew();

    /**
     * Returns when this session began. A login and {@link #regenerate} begin a new session; {@link #changeId} does not.
     *
     * @return the time, to the millisecond; constant within a request and equal to the record's. A session without a
     *     record begins when this method is first called, or when it is stored
     */
    Instant createdAt();

    /**
     * Returns when the client last used this session before this request, exact to the touch interval.
     *
     * @return the time, constant within a request; {@link #createdAt} for a new session and after a login; the time of
     *     the last change for a session without an idle timeout
     */
    Instant lastAccessedAt();

    /**
     * Returns when this session ends if it is not used again: at the end of its idle timeout or of its absolute
     * timeout, whichever comes first.
     *
     * @return the time, as last loaded or saved; for a session without a record, as if it were stored now
     */
    Instant expiresAt();

    /**
     * Sets an idle timeout for this session only.
     *
     * @param timeout at least 1 second, at most 3,650 days; {@link Duration#ZERO} for none
     * @throws IllegalArgumentException if it is out of these bounds, or if neither timeout would be left
     */
    void idleTimeout(Duration timeout);

    /**
     * Returns this session's idle timeout: its own, or the configured one.
     *
     * @return the timeout; {@link Duration#ZERO} for none
     */
    Duration idleTimeout();

    /**
     * Returns this session's absolute timeout: its own, or the configured one.
     *
     * @return the timeout; {@link Duration#ZERO} for none
     */
    Duration absoluteTimeout();

    /**
     * Sets an absolute timeout for this session only.
     *
     * @param timeout at least 1 second, at most 3,650 days; {@link Duration#ZERO} for none
     * @throws IllegalArgumentException if it is out of these bounds, or if neither timeout would be left
     */
    void absoluteTimeout(Duration timeout);

    /**
     * Returns this session's cookie settings, which are kept in its record.
     *
     * @return the settings, live
     */
    SessionCookie cookie();

    /**
     * Saves all changes so far. Blocks. Needed only if something else must see them before the response is sent: every
     * change is saved before that anyway.
     *
     * @throws SessionEndedException if the session was ended concurrently
     * @throws SessionSupersededException if the session got a new id concurrently
     * @throws SessionUnavailableException if the store is unavailable, or did not confirm the save
     */
    void save();

    /**
     * Drops unsaved changes and reads the session again. Blocks.
     *
     * @throws SessionEndedException if the session no longer exists
     * @throws SessionSupersededException if the session got a new id concurrently
     */
    void reload();

    /**
     * Acquires a lease on this session until the response's head is sent. Other requests that ask for the lease wait,
     * on every node, so a read followed by a later set loses nothing. Blocks until the lease is available. {@link
     * Sessions.Config#exclusive()} does this for a whole application or for paths.
     *
     * <p>Attributes that were read before are read again. A session without a record does not need a lease.
     *
     * @throws IllegalStateException if the session was already changed, or the response's head was already sent
     * @throws SessionUnavailableException if another request held the lease for longer than this one may wait ({@link
     *     Sessions.Config#exclusiveWait})
     */
    void exclusive();

    /** Restarts the idle timeout at the end of this request, even if the touch interval has not passed. */
    void touch();

    /**
     * Replaces this session with an empty one that has a new id. The attributes and the subject are removed.
     *
     * @throws IllegalStateException if the response's head was already sent
     */
    void regenerate();

    /**
     * Gives this session a new id. Requests that still carry the old id see an empty session.
     *
     * @throws IllegalStateException if the response's head was already sent
     * @throws SessionEndedException if the session is known to have ended
     * @throws SessionSupersededException if the session is known to have a new id
     */
    void changeId();

    /**
     * Signs a user in: the session gets a new id (so that a planted one is worthless) and belongs to the user.
     * Attributes stay, unless the session belonged to a different user: then it starts empty. Call it after the
     * credentials are checked. If all sessions of the user are ended at the same time, the save throws
     * {@link SessionEndedException}.
     *
     * @param subject the user, as the application names them; 1 to 256 characters, no control characters
     * @throws IllegalArgumentException if the subject is not well-formed
     * @throws IllegalStateException if the response's head was already sent
     */
    void login(String subject);

    /**
     * Returns the user that this session belongs to. Only {@link #login} sets it; no attribute can.
     *
     * @return the subject, or null if no user is signed in
     */
    @Nullable
    String subject();

    /**
     * Ends this session. Its record is removed from the store, whatever other requests do with it concurrently, and the
     * client's token is removed. Attributes that are set afterwards go into a new session.
     */
    void destroy();

    /** Drops the unsaved changes of this request, as if the calls had not been made. */
    void discard();

    /**
     * Returns this session for use after this request, for example by a WebSocket that begins with it.
     *
     * @return the session by its present id; does no I/O except loading it
     * @throws IllegalStateException if it has no record in the store yet: call {@link #save} first
     */
    DetachedSession toDetached();

    /**
     * Returns a public name of this session, safe to show in a list of devices or in a log. It does not give access to
     * the session, and it changes with the id.
     *
     * @return 22 characters of base64url
     */
    String publicId();
}
