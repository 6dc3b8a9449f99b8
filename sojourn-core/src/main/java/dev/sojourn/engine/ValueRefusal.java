package dev.sojourn.engine;

import dev.sojourn.spi.LogText;
import tools.jackson.databind.JavaType;

/** Why a value would not read back unchanged, where inside it, and what to do. Never reveals the value. */
final class ValueRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private String path = "";
    private final String reason;

    ValueRefusal(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /** Adds an enclosing step to the path: {@code .field}, {@code [2]}, {@code [key]}. */
    ValueRefusal within(String step) {
        path = step + path;
        return this;
    }

    /** Returns a refusal of the same place with another reason. */
    ValueRefusal because(String other) {
        return new ValueRefusal(other).within(path);
    }

    String reason() {
        return reason;
    }

    /** Returns the exception for the application. */
    IllegalArgumentException of(String attribute, JavaType type) {
        return new IllegalArgumentException("attribute " + LogText.quote(attribute) + " of type " + type.toCanonical()
                + " cannot be kept in a session: "
                + (path.isEmpty() ? "" : "at " + LogText.text(path.toString()) + ", ")
                + reason);
    }
}
