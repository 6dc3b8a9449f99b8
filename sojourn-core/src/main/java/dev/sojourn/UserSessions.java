package dev.sojourn;

import java.util.List;
import java.util.function.Predicate;

/**
 * The sessions of one user, on every node and device: where they are signed in, and the means to end that.
 *
 * <p>Immutable and thread-safe. Every method asks the store and blocks: one call for each hundred entries and one for
 * each session. All of them throw {@link SessionUnavailableException} if the store cannot answer; sessions that were
 * ended before that stay ended ({@link SessionException#isPartlySaved} tells whether there are any), and the call may be
 * repeated.
 *
 * <p><b>Exact.</b> What these methods end is ended when they return, whatever other requests do with it meanwhile, a new
 * id given to it included. A sign-in that is under way while {@link #endAll} or {@link #endOthers} runs either fails with
 * {@link SessionEndedException} or comes after it.
 */
public interface UserSessions {
    /**
     * Where the user is signed in, the session used last first.
     *
     * @return the live sessions
     */
    List<SignedIn> list();

    /**
     * Where the user is signed in, the session used last first.
     *
     * @param current the session of this request, which the list marks
     * @return the live sessions
     */
    List<SignedIn> list(Session current);

    /**
     * Ends one session.
     *
     * @param handle its public name, as listed
     * @return false if the user has no such session (any more)
     */
    boolean end(String handle);

    /**
     * Ends all sessions but one. That one stays under the new id too that another request of its client has given it
     * meanwhile ({@link Session#changeId}). Not so if the user has signed in anew in it ({@link Session#login}), or if the
     * new id is being given at this very moment: then its client has to sign in again.
     *
     * @param current the session of this request, which stays
     * @return how many were ended
     */
    int endOthers(Session current);

    /**
     * Ends all sessions. The one of this request, if it is the user's, is ended like any other: its client's cookie is
     * worthless from now on. After a change of password, call this and sign the user in anew.
     *
     * @return how many were ended
     */
    int endAll();

    /**
     * Ends the sessions that hold an attribute of a certain value: those of one device, or of one login at a provider of
     * identities. A session without the attribute stays, and so does one where it cannot be read as the key's type. A sign-in
     * that is under way meanwhile either fails or comes after it, as for {@link #endAll}.
     *
     * @param key the attribute
     * @param matches whether a session with this value is ended; called once or more for each session, and quick
     * @param <T> the attribute's type
     * @return how many were ended
     */
    <T> int endIf(Key<T> key, Predicate<? super T> matches);
}
