package dev.sojourn;

import java.time.Duration;
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
public interface Session extends EditableSession {
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
     * Removes an attribute and returns its value. Blocks if the attribute is there, because that is saved immediately, together
     * with all changes so far. However many requests do this concurrently, exactly one of them gets the value. Costs no store
     * call if this request sees no such attribute. If the save fails, the value may be lost, but no two requests get it.
     *
     * @param name the attribute's name
     * @param type its type
     * @param <T> that type
     * @return the value; null if there is none, or if it cannot be read as that type: then it stays (see {@link
     *     Sessions.Config#whenUnreadable})
     * @throws SessionEndedException if the session was ended concurrently
     * @throws SessionSupersededException if the session got a new id concurrently
     * @throws SessionUnavailableException if the store is unavailable, or did not confirm the save
     */
    <T> @Nullable T pop(String name, Class<T> type);

    /**
     * Removes an attribute and returns its value; see {@link #pop(String, Class)}.
     *
     * @param key the attribute's name and type
     * @param <T> that type
     * @return the value, or null
     */
    <T> @Nullable T pop(Key<T> key);

    /**
     * Leaves a message for {@link #takeFlash}: usually for the page to which this response redirects. It is an attribute named
     * {@code flash:} and the name, saved like any other. A message of the same name that no request has taken is replaced.
     *
     * @param name its name, at most 250 characters
     * @param value its value, as for {@link #set(String, Object)}
     * @throws IllegalArgumentException as {@code set} does
     */
    void flash(String name, Object value);

    /**
     * Leaves a message for {@link #takeFlash(Key)}; see {@link #flash(String, Object)}.
     *
     * @param key its name and type
     * @param value its value
     * @param <T> the type
     */
    <T> void flash(Key<T> key, T value);

    /**
     * Returns a message that {@link #flash} left, and removes it: the first request that asks gets it, and no other, as with
     * {@link #pop(String, Class)}. Costs no store call if there is no message.
     *
     * @param name its name
     * @param type its type
     * @param <T> that type
     * @return the value, or null
     */
    <T> @Nullable T takeFlash(String name, Class<T> type);

    /**
     * Returns a message that {@link #flash(Key, Object)} left, and removes it; see {@link #takeFlash(String, Class)}.
     *
     * @param key its name and type
     * @param <T> that type
     * @return the value, or null
     */
    <T> @Nullable T takeFlash(Key<T> key);

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

    /**
     * Gives this session a new id. Requests that still carry the old id see an empty session.
     *
     * @throws IllegalStateException if the response's head was already sent
     * @throws SessionEndedException if the session is known to have ended
     * @throws SessionSupersededException if the session is known to have a new id
     */
    void changeId();

    /**
     * Limits the sessions of the user who signs in to this session, for the rest of this request and instead of {@link
     * StoreConfig#maxSessionsPerUser}: for applications in which users have different limits. Call it before {@link #login}.
     * Does no I/O. The costs are those of the option.
     *
     * @param max how many sessions the user may have, this one included; 1 to 10,000
     * @param onLimit what {@code login} does if the user has as many
     * @throws IllegalArgumentException if the number is out of bounds, or if the store or the record format cannot keep the
     *     limit
     */
    void maxSessionsPerUser(int max, OnLimit onLimit);

    /**
     * Has this browser remembered: once the session has ended by time, a cookie signs its user in again. To be called after
     * {@link #login}, in the same request or in a later one, where the user has agreed. Works from the next save on, which costs
     * four further store calls. The lifetime ({@link RememberOptions#lifetime}) is counted from this call.
     *
     * <p>Does nothing if the browser is remembered already and the user has not signed in in this request; so the lifetime cannot
     * be extended without signing in. {@link #destroy}, {@link #regenerate} and the login of another user end it, as does ending
     * the session through {@link Sessions#of}.
     *
     * @throws IllegalStateException if no user is signed in, if the application has not configured {@link
     *     Sessions.Config#rememberMe}, or if the response's head was already sent
     * @throws SessionEndedException if the session is known to have ended
     * @throws SessionSupersededException if the session is known to have a new id
     */
    void remember();

    /**
     * Replaces this session with an empty one of another user, with a new id, so that an administrator or a supporter sees
     * what that user sees. Check first that the present user may do so. The session ends after a time that nothing extends,
     * or earlier by {@link #destroy}; the user's list of sessions shows it, and {@link Sessions#of} can end it. {@link
     * #actingBy} names who acts, and {@link SessionListener#onActingAs} is called instead of {@code onSignedIn}. Such a
     * session is never fresh ({@link #isFresh}) and cannot be elevated. It does not count
     * towards {@link StoreConfig#maxSessionsPerUser}. A login replaces it with an empty session.
     *
     * @param subject the user whose session it is, as in {@link #login(String)}
     * @param by the user who acts, 1 to 256 characters, no control characters
     * @param ttl how long it lasts, 1 second to 1 day; a shorter {@link Sessions.Config#absoluteTimeout} applies
     * @throws IllegalArgumentException if a user is not well-formed, if both are the same, or if the time is out of bounds
     * @throws IllegalStateException if this session's user acts as another already, if the format of the session's record
     *     does not keep who acts (Express), or if the response's head was already sent
     */
    void actAs(String subject, String by, Duration ttl);

    /**
     * Returns this session for use after this request, for example by a WebSocket that begins with it.
     *
     * @return the session by its present id; does no I/O except loading it
     * @throws IllegalStateException if it has no record in the store yet: call {@link #save} first
     */
    DetachedSession toDetached();
}
