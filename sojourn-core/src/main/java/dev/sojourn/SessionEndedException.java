package dev.sojourn;

/** Thrown when a request saves a session that another request has ended in the meantime. Status 409. */
public final class SessionEndedException extends SessionException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with its fixed message. */
    public SessionEndedException() {
        super(
                409,
                "the session was ended during this request, so nothing can be saved to it;"
                        + " call destroy() or discard() to continue without it",
                null);
    }

    private SessionEndedException(SessionEndedException first) {
        super(first);
    }

    @Override
    public SessionEndedException toPartlySaved() {
        return new SessionEndedException(this);
    }

    @Override
    public String responseText() {
        return "Your session was ended during this request." + (isPartlySaved() ? PARTLY : " Nothing was saved.");
    }
}
