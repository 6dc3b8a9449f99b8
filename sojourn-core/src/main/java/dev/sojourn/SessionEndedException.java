package dev.sojourn;

/**
 * The session was ended by another request while this one was under way, and this one asked for a save. Status 409.
 */
public final class SessionEndedException extends SessionException {
    private static final long serialVersionUID = 1L;

    /** The one message. */
    public SessionEndedException() {
        super(
                409,
                "the session was ended while this request was under way, so nothing can be saved to it;"
                        + " destroy() or discard() it to go on without it",
                null);
    }

    private SessionEndedException(SessionEndedException first) {
        super(first);
    }

    @Override
    public SessionEndedException markPartlySaved() {
        return new SessionEndedException(this);
    }

    @Override
    public String responseText() {
        return "Your session was ended while this request was under way."
                + (isPartlySaved() ? PARTLY : " Nothing was saved.");
    }
}
