package dev.sojourn;

/**
 * Thrown when the session got a new id by a login, {@code changeId} or {@code regenerate} of another request, during this
 * request or shortly before its token arrived. This request's changes were not saved: saving them would undo the login. Status 409.
 */
public final class SessionSupersededException extends SessionException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception with its fixed message. */
    public SessionSupersededException() {
        super(
                409,
                "the session got a new id during this request, so its changes were not saved;"
                        + " the client has the new id and may repeat the request",
                null);
    }

    private SessionSupersededException(SessionSupersededException first) {
        super(first);
    }

    @Override
    public SessionSupersededException toPartlySaved() {
        return new SessionSupersededException(this);
    }

    @Override
    public String responseText() {
        return "Your session changed during this request."
                + (isPartlySaved() ? PARTLY : " Nothing was saved. Please try again.");
    }
}
