package dev.sojourn.spring;

/** Thrown when the application cannot start with its configuration. The message describes the problem, and the action the remedy. */
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
