package dev.sojourn.spring;

/** The application cannot start with this configuration; the message says what to do. */
final class UnusableConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableConfigurationException(String message) {
        super(message);
    }
}
