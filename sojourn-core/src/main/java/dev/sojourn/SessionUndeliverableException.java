package dev.sojourn;

/**
 * A new session's token cannot be given to this client, so nothing was stored that the client could not come back to.
 * Status 500: the configuration has to change, and the message says how.
 */
public final class SessionUndeliverableException extends SessionException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what to do.
     *
     * @param message why the client would refuse the token and which option mends it
     */
    public SessionUndeliverableException(String message) {
        super(500, message, null);
    }

    private SessionUndeliverableException(SessionUndeliverableException first) {
        super(first);
    }

    @Override
    public SessionUndeliverableException toPartlySaved() {
        return new SessionUndeliverableException(this);
    }

    @Override
    public String responseText() {
        return "The server could not start a session.";
    }
}
