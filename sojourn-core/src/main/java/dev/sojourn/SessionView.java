package dev.sojourn;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be read of a session, wherever it is kept: in a store ({@link Session}), in a sealed cookie ({@link
 * SealedSession}), or in a verified access token, which has this type only.
 *
 * <p>An instance belongs to one request and is used by one thread at a time. A view of an access token never calls the
 * session store: it shows what was true when the token was issued.
 *
 * <p>All methods throw {@link IllegalStateException} once the request has ended.
 */
public interface SessionView {
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

    /**
     * Returns when this session began. A login and {@link EditableSession#regenerate} begin a new session; {@link Session#changeId} does not.
     *
     * @return the time, to the millisecond; constant within a request and equal to the record's. A session without a
     *     record begins when this method is first called, or when it is stored
     */
    Instant createdAt();

    /**
     * Returns when this session ends if it is not used again: at the end of its idle timeout or of its absolute
     * timeout, whichever comes first.
     *
     * @return the time, as last loaded or saved; for a session without a record, as if it were stored now
     */
    Instant expiresAt();

    /**
     * Returns the user that this session belongs to. Only {@link EditableSession#login} sets it; no attribute can.
     *
     * @return the subject, or null if no user is signed in
     */
    @Nullable
    String subject();

    /**
     * Returns the user that this session belongs to, for handlers that serve signed-in users only.
     *
     * @return the subject, never null
     * @throws SignInRequiredException if no user is signed in; if the handler does not catch it, the response has status
     *     401
     * @throws SessionUnavailableException if the store is unavailable (status 503), with {@link
     *     StoreUnavailablePolicy#READ_AS_ANONYMOUS} too: a user who may be signed in is not asked to sign in
     */
    default String requireSubject() {
        String subject = subject();
        if (subject == null) {
            throw new SignInRequiredException();
        }
        return subject;
    }

    /**
     * Returns when the user signed in. {@link Session#changeId} and use of the session do not change it; each login does.
     *
     * @return the time, to the millisecond: that of the login, or an earlier one that the login stated ({@link
     *     SignIn#at(Instant)}); null if no user is signed in, or if it is not known: of an access token without {@code
     *     auth_time}, and in sessions of a format that does not keep it (Express)
     */
    @Nullable
    Instant signedInAt();

    /**
     * Returns how and when the user signed in.
     *
     * @return what the login stated, and what is known of it otherwise; null if no user is signed in
     */
    @Nullable
    SignIn signIn();

    /**
     * Returns whether the user signed in a short time ago: always false for a user who acts as another ({@link #actingBy}) or
     * was signed in without credentials ({@link SignIn#remembered}), and for a session that a remember-me cookie has begun
     * ({@link #isRemembered}). If the clocks of two nodes differ, the time is exact to that difference.
     *
     * @param maxAge the time; with {@link Duration#ZERO} no sign-in is fresh
     * @return true if a user is signed in and did so less than this time ago; false if the time is not known
     * @throws IllegalArgumentException if the time is negative
     * @throws IllegalStateException if the format of the session's record does not keep the time of the sign-in (Express)
     */
    boolean isFresh(Duration maxAge);

    /**
     * Throws unless the user signed in a short time ago: for handlers that change a password or an address. The application
     * has the user sign in again and calls {@link EditableSession#login}.
     *
     * @param maxAge the time, as in {@link #isFresh}
     * @throws SignInRequiredException if no user is signed in (status 401)
     * @throws FreshSignInRequiredException if the sign-in is not fresh (status 401)
     */
    default void requireFresh(Duration maxAge) {
        requireSubject();
        if (!isFresh(maxAge)) {
            throw new FreshSignInRequiredException(maxAge);
        }
    }

    /**
     * Returns whether the user has confirmed something that needs more than a sign-in; see {@link EditableSession#elevate}.
     *
     * @param scope what is to be confirmed
     * @return true until the elevation ends; always false for a view of an access token
     */
    boolean isElevated(String scope);

    /**
     * Throws unless the user has confirmed something; see {@link #isElevated}.
     *
     * @param scope what is to be confirmed
     * @throws SignInRequiredException if no user is signed in (status 401)
     * @throws ElevationRequiredException if the session is not elevated for it (status 403)
     */
    default void requireElevated(String scope) {
        requireSubject();
        if (!isElevated(scope)) {
            throw new ElevationRequiredException(scope);
        }
    }

    /**
     * Returns the user who acts as {@link #subject}; see {@link Session#actAs}.
     *
     * @return that user; null normally
     */
    @Nullable
    String actingBy();

    /**
     * Returns whether a remember-me cookie has begun this session, so that its user has not signed in since ({@link
     * Session#remember}). Ask for the password before anything that only the user may do: anyone who uses the browser is taken for
     * its user. A {@link EditableSession#login} ends it.
     *
     * @return false for a session that a login has begun, without a user, of an access token and for a sealed session
     */
    boolean isRemembered();

    /**
     * Returns a public name of this session, safe to show in a list of devices or in a log. It does not give access to
     * the session, and it changes with the id.
     *
     * @return 22 characters of base64url
     */
    String publicId();
}
