package dev.sojourn;

/**
 * A session would be larger than the configured limit, or have more attributes. Nothing was saved. Status 500: the
 * application has to change.
 */
public final class SessionTooLargeException extends SessionException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the sizes.
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
    public SessionTooLargeException markPartlySaved() {
        return new SessionTooLargeException(this);
    }

    @Override
    public String responseText() {
        return "The server could not save your session.";
    }
}
