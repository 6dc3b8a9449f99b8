package dev.sojourn.servlet;

/** A type that the application did not register. */
final class UnregisteredTypeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnregisteredTypeException(String message) {
        super(message);
    }
}
