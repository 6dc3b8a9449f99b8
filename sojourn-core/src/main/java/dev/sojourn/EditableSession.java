package dev.sojourn;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a handler can change in a session, whether it is kept in a store ({@link Session}) or in a sealed cookie ({@link
 * SealedSession}). Code that takes this type works with both.
 */
public interface EditableSession extends SessionView {
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
     * Sets an attribute that ends after a while: a code that was sent, the answer of a slow service. Requests that begin after
     * that do not see it, and the next write removes it from the store. {@link #set(String, Object)} without a time, {@link
     * #remove} and {@link #clear} drop the time; {@link Session#update} and a change within the value keep it. It does not
     * end later than the session.
     *
     * @param name its name, at most 256 characters
     * @param value its value, as for {@link #set(String, Object)}
     * @param ttl how long it lasts from now; at least 1 second, at most 3,650 days
     * @throws IllegalArgumentException if the duration is out of these bounds, or as {@code set} does
     * @throws IllegalStateException if the record format has no room for the time, as that of Express has none
     */
    void set(String name, Object value, Duration ttl);

    /**
     * Sets an attribute that ends after a while; see {@link #set(String, Object, Duration)}.
     *
     * @param key its name and type
     * @param value its value
     * @param ttl how long it lasts from now
     * @param <T> the type
     */
    <T> void set(Key<T> key, T value, Duration ttl);

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

    /** Removes all attributes that are present when this change is saved. Id and subject stay. */
    void clear();

    /**
     * Returns whether this session has no record in the store yet.
     *
     * @return true until it is first saved
     */
    boolean isNew();

    /**
     * Returns when the client last used this session before this request, exact to the touch interval.
     *
     * @return the time, constant within a request; {@link #createdAt} for a new session and after a login; the time of
     *     the last change for a session without an idle timeout
     */
    Instant lastAccessedAt();

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

    /** Restarts the idle timeout at the end of this request, even if the touch interval has not passed. */
    void touch();

    /**
     * Leaves the idle timeout as it is, whatever else this request reads or changes: for requests that no user has made, such
     * as those that a page polls. A later {@link #touch} and a new id outweigh it. {@link Sessions.Config#quiet} does this
     * for paths.
     */
    void quiet();

    /**
     * Replaces this session with an empty one that has a new id. The attributes and the subject are removed.
     *
     * @throws IllegalStateException if the response's head was already sent
     */
    void regenerate();

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
     * Signs a user in, as {@link #login(String)} does, and keeps how and when the user was authenticated. A user who is
     * already signed in may sign in again: that restarts both timeouts, replaces what was known of the earlier sign-in, and
     * ends all elevations.
     *
     * @param subject the user, as in {@link #login(String)}
     * @param how what is known of the sign-in. A record format that does not keep it (Express) drops it
     * @throws IllegalArgumentException if the subject is not well-formed
     * @throws IllegalStateException if the response's head was already sent
     */
    void login(String subject, SignIn how);

    /**
     * Notes that the user has just confirmed something that needs more than a sign-in, by a password or a code that the
     * application has checked. {@link #isElevated} returns true for this scope until the time has passed. Every new id ends
     * it, and so do {@link #destroy}, a login and {@link #dropElevation}.
     *
     * @param scope what the user confirmed, 1 to 64 characters. A session has at most 16 scopes at once; of more, the one
     *     that ends first is dropped
     * @param ttl 1 second to 1 day
     * @throws IllegalArgumentException if the scope is not well-formed or the time is out of bounds
     * @throws IllegalStateException if no user is signed in, if one acts as another ({@link Session#actAs}), or if the format
     *     of the session's record does not keep it (Express)
     */
    void elevate(String scope, Duration ttl);

    /**
     * Ends an elevation. Does nothing if the session is not elevated for this scope.
     *
     * @param scope what the user had confirmed
     */
    void dropElevation(String scope);

    /**
     * Ends this session. Its record is removed from the store, whatever other requests do with it concurrently, and the
     * client's token is removed. Attributes that are set afterwards go into a new session.
     */
    void destroy();

    /** Drops the unsaved changes of this request, as if the calls had not been made. */
    void discard();

    /**
     * Returns a CSRF token of this session, for a form or a script: the client sends it back in the header {@code
     * X-CSRF-Token}, or in a form field that the handler passes to {@link #requireCsrfToken(String)}. It counts until the
     * session ends or gets another id; call this after {@link #login}. Each call returns another text, so that a compressed
     * page does not reveal it (BREACH). Begins a session if there is none, which is stored with the response.
     *
     * @return at most 400 characters of base64url and dots; safe in HTML, in a header and in JSON
     * @throws IllegalStateException if the response's head was already sent and there is no session, or if an access token
     *     alone names the session
     */
    String csrfToken();

    /**
     * Refuses the request unless a form field has a CSRF token of the session that the client came with. Call it before the
     * session is changed, with the field's value in the request's body, not in the URL. Does no I/O: the session is not
     * loaded. A client without a session has no token that counts.
     *
     * @param token the value, whatever the client sent; null if the field is missing
     * @throws CrossSiteRequestException if it does not count (403), unless {@link CsrfOptions#reportOnly} is set
     */
    void requireCsrfToken(@Nullable String token);

    /**
     * Refuses the request unless a form field has one value, which is a CSRF token; see {@link #requireCsrfToken(String)}.
     * A repeated field does not count.
     *
     * @param tokens all values of the field in the request's body, none of them null
     * @throws CrossSiteRequestException if there is none, if there are several, or if it does not count (403), unless {@link
     *     CsrfOptions#reportOnly} is set
     */
    void requireCsrfToken(List<String> tokens);
}
