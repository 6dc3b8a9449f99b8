package dev.sojourn.spi;

import org.jspecify.annotations.Nullable;

/** Thrown when stored bytes are not a record of the format that reads them. The message never shows the bytes. */
public final class UnreadableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was expected and what was found, without the data
     * @param cause the parser's error if its message holds no data, or null
     */
    public UnreadableRecordException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
