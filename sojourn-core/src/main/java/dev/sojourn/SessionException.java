package dev.sojourn;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session could not do what the request asked. Where an application lets it pass, or where it arises while the answer
 * is about to leave, the adapter answers with {@link #status()} in place of what the handler chose.
 *
 * <p>Messages never show a token, a key or a value.
 */
public abstract class SessionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The HTTP status. */
    private final int status;

    SessionException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /**
     * The HTTP status that tells the client the truth.
     *
     * @return the status
     */
    public int status() {
        return status;
    }

    /**
     * When the client may try again.
     *
     * @return the time for {@code Retry-After}, or empty where trying again makes no difference
     */
    public Optional<Duration> retryAfter() {
        return Optional.empty();
    }

    /**
     * What the client may be told.
     *
     * @return one line of plain text without anything about the server
     */
    public abstract String answer();
}
