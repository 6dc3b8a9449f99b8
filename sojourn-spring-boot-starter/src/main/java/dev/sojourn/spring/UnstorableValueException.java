package dev.sojourn.spring;

import dev.sojourn.spi.LogText;

/** A value of Spring's cannot be kept in a session. Says which, and what to do; never what is in it. */
final class UnstorableValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnstorableValueException(String name, Object value, String reason) {
        super("attribute " + LogText.quote(name) + " of type "
                + LogText.text(value.getClass().getName()) + " cannot be kept in a session: " + reason);
    }
}
