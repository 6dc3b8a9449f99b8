package dev.sojourn;

import java.util.List;

/**
 * Thrown by a login whose user has as many sessions as {@link StoreConfig#maxSessionsPerUser} allows. Status 409: the user
 * can end one of them and sign in again. Nobody was signed in, and the session is what it was before the login.
 *
 * <p>Immutable, except for the stack trace.
 */
public final class TooManySessionsException extends SessionException {
    private static final long serialVersionUID = 1L;

    /** The user's sessions; not serialized. */
    private final transient List<UserSession> sessions;

    /**
     * Creates the exception.
     *
     * @param max how many sessions a user may have
     * @param sessions the user's sessions
     */
    public TooManySessionsException(int max, List<UserSession> sessions) {
        super(
                409,
                "the user has " + sessions.size() + " sessions of at most " + max
                        + " (c.maxSessionsPerUser, with Spring sojourn.max-sessions-per-user); end one with"
                        + " sessions.of(user).end(publicId) and sign in again",
                null);
        this.sessions = List.copyOf(sessions);
    }

    private TooManySessionsException(TooManySessionsException first) {
        super(first);
        this.sessions = first.sessions;
    }

    /**
     * Returns the sessions that the user has, the most recent sign-in first. None of them is marked as the current one.
     * Show them only to the user, whose credentials were just checked.
     *
     * @return the sessions, each with the public id by which {@link UserSessions#end} ends it; empty after
     *     deserialization
     */
    @SuppressWarnings("ConstantValue") // null after deserialization
    public List<UserSession> sessions() {
        return sessions == null ? List.of() : sessions;
    }

    @Override
    public TooManySessionsException toPartlySaved() {
        return new TooManySessionsException(this);
    }

    @Override
    public String responseText() {
        return "You are signed in too many times. Sign out somewhere else and try again."
                + (isPartlySaved() ? PARTLY : " Nothing was saved.");
    }
}
