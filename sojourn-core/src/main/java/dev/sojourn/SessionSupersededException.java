package dev.sojourn;

/**
 * The session got a new id while this request was under way, by a login, {@code changeId} or {@code regenerate} of
 * another request. What this request changed was not saved: saving it would undo the login. Status 409.
 */
public final class SessionSupersededException extends SessionException {
    private static final long serialVersionUID = 1L;

    /** The one message. */
    public SessionSupersededException() {
        super(
                409,
                "the session got a new id while this request was under way, so its changes were not saved;"
                        + " the client has the new id and may repeat the request",
                null);
    }

    private SessionSupersededException(SessionSupersededException first) {
        super(first);
    }

    @Override
    public SessionSupersededException markPartlySaved() {
        return new SessionSupersededException(this);
    }

    @Override
    public String responseText() {
        return "Your session changed while this request was under way."
                + (isPartlySaved() ? PARTLY : " Nothing was saved. Please try again.");
    }
}
