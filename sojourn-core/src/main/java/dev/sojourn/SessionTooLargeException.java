package dev.sojourn;

/**
 * Thrown when a session would exceed the configured size or number of attributes. Nothing was saved. Status 500: the
 * application has to change.
 */
public final class SessionTooLargeException extends SessionException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message the limit and the largest attributes with their sizes
     */
    public SessionTooLargeException(String message) {
        super(500, message, null);
    }

    private SessionTooLargeException(SessionTooLargeException first) {
        super(first);
    }

    @Override
    public SessionTooLargeException toPartlySaved() {
        return new SessionTooLargeException(this);
    }

    @Override
    public String responseText() {
        return "The server could not save your session.";
    }
}
