package dev.sojourn.spring;

/** The application cannot start with this configuration. The message says what was found, the action what to do. */
final class UnusableConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String action;

    UnusableConfigurationException(String message, String action) {
        super(message);
        this.action = action;
    }

    UnusableConfigurationException(String message, String action, Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    String action() {
        return action;
    }
}
