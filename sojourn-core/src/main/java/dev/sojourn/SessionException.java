package dev.sojourn;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a session could not do what the request needed. If the application does not catch it, or if it occurs
 * while the response is about to be sent, the adapter replaces the handler's response with one of status {@link
 * #status()}.
 *
 * <p>Messages never contain a token, a key or a value.
 */
public abstract class SessionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Replaces "Nothing was saved." in the response where that would be false. */
    static final String PARTLY = " Only a part of what you asked for was done. Please look before you try again.";

    /** The HTTP status. */
    private final int status;

    /** Whether an earlier part of the request was saved. */
    private final boolean partlySaved;

    SessionException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.partlySaved = false;
    }

    /**
     * Copies an exception as partly saved. The original stays unchanged, because other threads may hold the same
     * instance.
     */
    SessionException(SessionException first) {
        super(first.getMessage() + " (what the same request saved earlier stays saved)", first);
        this.status = first.status;
        this.partlySaved = true;
    }

    /**
     * Returns the HTTP status of the response.
     *
     * @return the status
     */
    public int status() {
        return status;
    }

    /**
     * Returns whether an earlier part of the same request was saved, for example by {@link Session#update}, and stays
     * saved. In that case "nothing was saved" in a message refers to the last part only, and repeating the whole
     * request may repeat the first part.
     *
     * @return false if none of this request's changes to its session was saved, so that it can be repeated
     */
    public final boolean isPartlySaved() {
        return partlySaved;
    }

    /**
     * Returns this failure for a request that had saved a part of its changes before.
     *
     * @return an exception of the same type that is partly saved, with this one as its cause
     */
    public abstract SessionException toPartlySaved();

    /**
     * Returns when the client may try again.
     *
     * @return the time for {@code Retry-After}, or empty if trying again makes no difference
     */
    public Optional<Duration> retryAfter() {
        return Optional.empty();
    }

    /**
     * Returns how a client authenticates itself, for the response's {@code WWW-Authenticate} header.
     *
     * @return the header's value; empty if credentials are not the problem
     */
    public Optional<String> challenge() {
        return Optional.empty();
    }

    /**
     * Returns the text for the client.
     *
     * @return one line of plain text that reveals nothing about the server
     */
    public abstract String responseText();
}
