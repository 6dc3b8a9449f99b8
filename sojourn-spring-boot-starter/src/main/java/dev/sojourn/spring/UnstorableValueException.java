package dev.sojourn.spring;

import dev.sojourn.spi.LogText;

/**
 * Thrown when a value that Spring sets cannot be stored. The message names the attribute, the type and the remedy, and never
 * the content.
 */
final class UnstorableValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnstorableValueException(String name, Object value, String reason) {
        super("attribute " + LogText.quote(name) + " of type "
                + LogText.text(value.getClass().getName()) + " cannot be kept in a session: " + reason);
    }
}
