package dev.sojourn.servlet;

/** Thrown if a value or stored type name cannot be part of a session. Its message contains type names, but no values. */
final class UnregisteredTypeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnregisteredTypeException(String message) {
        super(message);
    }
}
