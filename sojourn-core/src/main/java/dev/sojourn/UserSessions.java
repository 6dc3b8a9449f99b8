package dev.sojourn;

import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one user, on every node and device: lists where the user is signed in and ends sessions.
 *
 * <p>Immutable and thread-safe. Every method calls the store and blocks: one call for each hundred entries and one for
 * each session. All methods throw {@link SessionUnavailableException} if the store is unavailable; sessions that were
 * ended before that stay ended ({@link SessionException#isPartlySaved} reports whether there are any), and the call may
 * be repeated.
 *
 * <p><b>Remembered browsers.</b> A browser that {@link Session#remember} keeps signed in is one entry together with its
 * sessions. Ending one of its sessions, or the entry, ends all of it: the browser is not signed in again.
 *
 * <p><b>Exact.</b> A session that these methods end has ended when they return, whatever other requests do with it
 * concurrently, even if they give it a new id. A login that runs concurrently with {@link #endAll} or {@link
 * #endOthers} either fails with {@link SessionEndedException} or takes effect after it.
 */
public interface UserSessions {
    /**
     * Returns where the user is signed in, the most recently used session first.
     *
     * @return the live sessions
     */
    List<UserSession> list();

    /**
     * Returns where the user is signed in, the most recently used session first.
     *
     * @param current the session of this request, which the list marks
     * @return the live sessions
     */
    List<UserSession> list(Session current);

    /**
     * Ends one session, with the remembered browser that it belongs to.
     *
     * @param publicId its public id, as listed; also one that it had before, and that of the session in which a browser was
     *     remembered that still is
     * @return false if the user does not have this session (any more)
     */
    boolean end(String publicId);

    /**
     * Ends all sessions but one; a remembered browser stays if that is its session. That session also stays if another request of its client gives it a new id
     * concurrently ({@link Session#changeId}). It does not stay if the user has signed in again in it ({@link
     * Session#login}), or if the new id is being assigned at this very moment: then its client has to sign in again.
     *
     * @param current the session of this request, which stays
     * @return how many were ended
     */
    int endOthers(Session current);

    /**
     * Ends all sessions. The session of this request, if it is the user's, is ended like any other: its client's cookie
     * becomes invalid. After a change of password, call this and sign the user in again.
     *
     * @return how many were ended
     */
    int endAll();

    /**
     * Ends the sessions that have an attribute of a certain value: those of one device, or of one login at an identity
     * provider. A session without the attribute stays, and so does one where it cannot be read as the key's type. A
     * concurrent login either fails or takes effect afterwards, as for {@link #endAll}.
     *
     * @param key the attribute
     * @param matches whether a session with this value is ended; called once or more for each session, so it should be
     *     fast
     * @param <T> the attribute's type
     * @return how many were ended
     */
    <T> int endIf(Key<T> key, Predicate<? super T> matches);

    /**
     * Ends the sessions that the user began through one session at an identity provider, with the browsers remembered since:
     * for a provider's logout ({@code BackChannelLogout} of {@code sojourn-jwt}). A session belongs to one if its login
     * stated so: {@link SignIn#provider}. A concurrent login either fails or takes effect afterwards, as for {@link #endAll}.
     *
     * @param issuer the provider, as {@link SignIn#issuer}
     * @param providerSession the session at the provider, as {@link SignIn#providerSession}; null for all of this provider
     * @param signedInUntil sessions whose user signed in later stay: a logout that is repeated ends no new session
     * @return how many were ended
     */
    int endProviderSession(String issuer, @Nullable String providerSession, Instant signedInUntil);

    /**
     * Returns everything that the user's sessions contain, for a request of the user under data protection law: {@code
     * {"subject":…,"sessions":[{"createdAt":…,"lastAccessedAt":…,"expiresAt":…,"signIn":{…},"device":{…},"attributes":{…}}],"rememberedBrowsers":[{"createdAt":…,"expiresAt":…,"signIn":{…},"device":{…}}]}},
     * the most recently used session first, times in ISO 8601, attributes as they are stored. {@code signIn} has {@code at},
     * {@code methods}, {@code level}, {@code provider} and {@code actingBy}, {@code device} has {@code name} and {@code
     * address}, each only if it is known. Contains no id and no public id: nothing that opens or names a session. Attributes
     * may contain secrets of the application.
     *
     * @return one JSON object, held in memory as a whole
     */
    String export();

    /**
     * Ends all sessions, as {@link #endAll} does, and makes sure that nothing of them is left in the store: a record that cannot
     * be read is removed too, or the call fails. The store keeps the user's name for up to an hour more, with the number by
     * which concurrent logins notice this call. What sealed sessions and access tokens contain is not in the store.
     *
     * @return how many sessions were ended
     * @throws SessionUnavailableException if the store is unavailable, or if a record could not be removed; repeat the call
     */
    int erase();
}
