package dev.sojourn;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the application keeps for one client between its requests.
 *
 * <p>An instance belongs to one request and is used by one thread at a time. It is loaded when it is first used: the
 * first call of any method but {@code toString} may block on the store, with one load. Reading and changing attributes
 * afterwards happens in memory; what was changed is saved before the response leaves. {@link #update}, {@link #save} and
 * {@link #reload} ask the store at once.
 *
 * <p>An attribute is kept as JSON. What is put in is what comes back, with its class, order, time zone and precision, or
 * {@link #set} refuses it and says why. A value comes back as the type that it is asked for; one that would have to be bent
 * (1.9 to 1, an empty text to null) is unreadable instead, and by default an unreadable attribute reads as absent and stays
 * stored: keep names that users choose apart from the application's own. Changes inside a value that {@link #get} handed out
 * (an added list element) are found and saved.
 *
 * <p>Requests that change different attributes of a session at the same time never lose each other's changes. For one
 * attribute the last one wins; {@link #update} is exact under any concurrency.
 *
 * <p>The id itself is out of reach. {@link #publicId()} may be shown to anybody.
 *
 * <p>All methods throw {@link SessionUnavailableException} if the store cannot answer, and
 * {@link IllegalStateException} once the request has ended.
 */
public interface Session {
    /**
     * An attribute.
     *
     * @param name its name
     * @param type what it is read as; {@code Object.class} gives texts, booleans, {@code Integer}, {@code Long},
     *     {@code BigInteger}, {@code Double}, lists and maps as JSON has them
     * @param <T> that type
     * @return the value, or null if there is none or if it cannot be read as that type (see
     *     {@link Sessions.Config#whenUnreadable})
     */
    <T> @Nullable T get(String name, Class<T> type);

    /**
     * An attribute.
     *
     * @param key its name and type
     * @param <T> that type
     * @return the value, or null if there is none or if it cannot be read as that type
     */
    <T> @Nullable T get(Key<T> key);

    /**
     * Sets an attribute to a value that {@link #get(String, Class)} gives back by the value's own class. For a list, set or
     * map of anything but texts, booleans and plain numbers use a {@link Key}, which says what it holds:
     * {@link Key#listOf}, {@link Key#setOf}, {@link Key#mapOf}.
     *
     * @param name its name, at most 256 characters
     * @param value its value; null is refused, use {@link #remove}
     * @throws IllegalArgumentException if the name is too long or not well-formed, or the value would not come back as what
     *     it is; the message names the place, the reason and what to do
     * @throws SessionTooLargeException if the value alone is larger than a session may be
     * @throws IllegalStateException if the response's head has left and the session was never stored: the client could
     *     not come back to it
     */
    void set(String name, Object value);

    /**
     * Sets an attribute to a value that {@link #get(Key)} gives back.
     *
     * @param key its name and type
     * @param value its value; null is refused, use {@link #remove}
     * @param <T> the type
     * @throws IllegalArgumentException if the value would not come back as what it is
     */
    <T> void set(Key<T> key, T value);

    /**
     * Removes an attribute. Removing what is not there changes nothing.
     *
     * @param name its name
     */
    void remove(String name);

    /**
     * Removes an attribute. Removing what is not there changes nothing.
     *
     * @param key its name
     */
    void remove(Key<?> key);

    /**
     * Whether there is such an attribute.
     *
     * @param name its name
     * @return true if there is, readable or not
     */
    boolean has(String name);

    /**
     * Whether there is such an attribute.
     *
     * @param key its name
     * @return true if there is, readable or not
     */
    boolean has(Key<?> key);

    /**
     * The names of all attributes, in the order in which they were first set.
     *
     * @return the names, a copy
     */
    Set<String> names();

    /** Removes all attributes that are there when this is saved. Id and subject stay. */
    void clear();

    /**
     * Changes an attribute by a function and saves that at once, together with everything changed so far. Blocks.
     * However many requests do so at a time, each change starts from the one accepted before it: a counter never loses
     * an increment. Changes made later in the request cost one more save at its end.
     *
     * @param name the attribute's name
     * @param type its type
     * @param change from the present value (null if there is none) to the new one (null removes it); a pure function: it
     *     may run several times, on the thread of another request of this session too, and must not use the session
     * @param <T> that type
     * @return the value that was saved
     * @throws IllegalArgumentException if the function's result would not come back as what it is
     * @throws SessionEndedException if the session was ended meanwhile, or is ended now because the present value cannot be
     *     read as that type (see {@link Sessions.Config#whenUnreadable})
     * @throws SessionSupersededException if the session got a new id meanwhile
     * @throws SessionUnavailableException if the store cannot answer, or cannot say whether it saved
     */
    <T> @Nullable T update(String name, Class<T> type, UnaryOperator<@Nullable T> change);

    /**
     * Changes an attribute by a function and saves that at once; see {@link #update(String, Class, UnaryOperator)}.
     *
     * @param key the attribute's name and type
     * @param change from the present value to the new one
     * @param <T> that type
     * @return the value that was saved
     */
    <T> @Nullable T update(Key<T> key, UnaryOperator<@Nullable T> change);

    /**
     * Whether this session has no record in the store yet.
     *
     * @return true until it is first saved
     */
    boolean isNew();

    /**
     * When this session began. Signing in and {@link #regenerate} begin a new one, {@link #changeId} does not.
     *
     * @return the time, to the millisecond; the same throughout a request and in the record, also for a session that has no
     *     record yet: it begins when this is first asked, or when it is stored
     */
    Instant createdAt();

    /**
     * When the client last used this session before this request, exact to the touch interval.
     *
     * @return the time, the same throughout a request; for a new session and after a login {@link #createdAt}; for a session without an idle timeout that of the last change
     */
    Instant lastAccessedAt();

    /**
     * When this session ends if nobody uses it again: the end of its idle timeout or of its absolute timeout, whichever
     * comes first.
     *
     * @return the time, as last loaded or saved; for a session that has no record yet, as if it were stored now
     */
    Instant expiresAt();

    /**
     * Gives this session an idle timeout of its own.
     *
     * @param timeout at least 1 second, at most 3,650 days; {@link Duration#ZERO} for none
     * @throws IllegalArgumentException if it is out of these bounds, or if neither timeout would be left
     */
    void idleTimeout(Duration timeout);

    /**
     * How long this session may be idle: its own idle timeout, or the configured one.
     *
     * @return the time; {@link Duration#ZERO} for none
     */
    Duration idleTimeout();

    /**
     * How long this session may live: its own absolute timeout, or the configured one.
     *
     * @return the time; {@link Duration#ZERO} for none
     */
    Duration absoluteTimeout();

    /**
     * Gives this session an absolute timeout of its own.
     *
     * @param timeout at least 1 second, at most 3,650 days; {@link Duration#ZERO} for none
     * @throws IllegalArgumentException if it is out of these bounds, or if neither timeout would be left
     */
    void absoluteTimeout(Duration timeout);

    /**
     * This session's own cookie settings, kept in its record.
     *
     * @return the settings, live
     */
    SessionCookie cookie();

    /**
     * Saves now what was changed so far. Blocks. Needed only where something else must see it before the response
     * leaves: every change is saved before that anyway.
     *
     * @throws SessionEndedException if the session was ended meanwhile
     * @throws SessionSupersededException if the session got a new id meanwhile
     * @throws SessionUnavailableException if the store cannot answer, or cannot say whether it saved
     */
    void save();

    /**
     * Drops what was changed and not saved and reads the session again. Blocks.
     *
     * @throws SessionEndedException if there is no such session any more
     * @throws SessionSupersededException if the session got a new id meanwhile
     */
    void reload();

    /**
     * Has this session to itself from here until the response's head: other requests that ask for the same wait, on every
     * node, and reading an attribute and setting it later loses nothing. Blocks until it is this request's turn. For a
     * whole application or a path there is {@link Sessions.Config#exclusive()}.
     *
     * <p>What was read before is read again. A session that has no record yet needs none of this.
     *
     * @throws IllegalStateException if something was changed already, or the response's head has left
     * @throws SessionUnavailableException if another request had it for longer than this one may wait
     *     ({@link Sessions.Config#exclusiveWait})
     */
    void exclusive();

    /** Restarts the idle timeout when this request is answered, even if the touch interval has not passed. */
    void touch();

    /**
     * Gives the client a new id for an empty session in place of this one. What was in this one is gone; so is its
     * subject.
     *
     * @throws IllegalStateException if the response's head has left
     */
    void regenerate();

    /**
     * Gives the client a new id for this same session. Requests that still carry the old id see an empty session.
     *
     * @throws IllegalStateException if the response's head has left
     * @throws SessionEndedException if the session is known to have been ended
     * @throws SessionSupersededException if the session is known to have got a new id
     */
    void changeId();

    /**
     * Signs a user in: the session gets a new id (so that one planted before is worthless) and belongs to the user.
     * Attributes stay, unless it belonged to somebody else: then it starts empty. Call it once the credentials are
     * checked.
     *
     * @param subject who it is, in the application's words; 1 to 256 characters, none of them control characters
     * @throws IllegalArgumentException if the subject is none of that
     * @throws IllegalStateException if the response's head has left
     */
    void login(String subject);

    /**
     * The user whom this session belongs to. Only {@link #login} sets it; no attribute can.
     *
     * @return the subject, or null if nobody is signed in
     */
    @Nullable
    String subject();

    /**
     * Ends this session: it is removed from the store, whatever other requests are doing with it, and the client's token
     * is taken away. What is set afterwards goes into a new session.
     */
    void destroy();

    /** Drops what was changed in this request and not saved, as if it had not been called for. */
    void discard();

    /**
     * This session for longer than this request: for a WebSocket that begins with it.
     *
     * @return the session by its present id; does no I/O beyond loading it
     * @throws IllegalStateException if it has no record in the store yet: {@link #save} it first
     */
    DetachedSession detached();

    /**
     * A name for this session that may be shown to anybody, in a list of devices or a log. It opens nothing, and it
     * changes with the id.
     *
     * @return 22 characters of base64url
     */
    String publicId();
}
