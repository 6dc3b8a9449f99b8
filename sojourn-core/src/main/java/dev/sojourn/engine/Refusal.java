package dev.sojourn.engine;

import dev.sojourn.spi.Printable;
import tools.jackson.databind.JavaType;

/** Why a value would not come back as it is, where inside of it, and what to do. Never says what the value is. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private String path = "";
    private final String reason;

    Refusal(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /** Says that it happened inside of something, outermost last: {@code .field}, {@code [2]}, {@code [key]}. */
    Refusal within(String step) {
        path = step + path;
        return this;
    }

    /** Returns the same place with another reason. */
    Refusal because(String other) {
        return new Refusal(other).within(path);
    }

    String reason() {
        return reason;
    }

    /** Returns the exception that the application gets. */
    IllegalArgumentException of(String attribute, JavaType type) {
        return new IllegalArgumentException(
                "attribute " + Printable.quoted(attribute) + " of type " + type.toCanonical()
                        + " cannot be kept in a session: "
                        + (path.isEmpty() ? "" : "at " + Printable.text(path.toString()) + ", ")
                        + reason);
    }
}
