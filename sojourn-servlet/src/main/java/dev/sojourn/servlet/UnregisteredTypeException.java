package dev.sojourn.servlet;

/** A value or a stored name whose type has no place in a session. The message shows names of types, and no value. */
final class UnregisteredTypeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnregisteredTypeException(String message) {
        super(message);
    }
}
