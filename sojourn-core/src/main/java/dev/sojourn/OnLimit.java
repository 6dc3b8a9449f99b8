package dev.sojourn;

/** What a login does whose user has as many sessions as {@link StoreConfig#maxSessionsPerUser} allows. */
public enum OnLimit {
    /**
     * The login fails when it is saved, with {@link TooManySessionsException} and status 409. The session stays as it was,
     * and nothing is stored.
     */
    REFUSE_LOGIN,
    /**
     * The user's sessions that signed in first are ended, as many as necessary, and the login goes through. The listener
     * receives them with {@link SessionListener.DestroyReason#OVER_LIMIT}. The session that signs in is never ended.
     */
    END_OLDEST,
    /**
     * As {@link #REFUSE_LOGIN}, but {@link EditableSession#login login} itself reads the user's sessions and throws, so that
     * the handler can show them ({@link TooManySessionsException#sessions}), end one, and call {@code login} again. So
     * {@code login} blocks. If another login takes the last place before this one is saved, that fails as for {@link
     * #REFUSE_LOGIN}.
     */
    ASK
}
