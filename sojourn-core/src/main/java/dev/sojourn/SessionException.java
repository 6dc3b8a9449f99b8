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

    /** What a client is told instead of "Nothing was saved." where that would not be true. */
    static final String PARTLY = " Only a part of what you asked for was done. Please look before you try again.";

    /** The HTTP status. */
    private final int status;

    /** Whether something had been saved before. */
    private final boolean partlySaved;

    SessionException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.partlySaved = false;
    }

    /** The same after something was saved. The first one is kept as it is: others may have been thrown the same. */
    SessionException(SessionException first) {
        super(first.getMessage() + " (what the same request had saved before that stays saved)", first);
        this.status = first.status;
        this.partlySaved = true;
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
     * Whether an earlier part of the same request had been saved when this happened, for example by {@link Session#update},
     * and stays saved. What a message says of nothing having been saved is true of the last part alone then, and to repeat
     * the whole request may be to do the first part twice.
     *
     * @return false if nothing that this request did to its session was saved, so that it can be repeated
     */
    public final boolean isPartlySaved() {
        return partlySaved;
    }

    /**
     * This failure as that of a request of which a part had been saved before.
     *
     * @return an exception of the same kind that says so, with this one as its cause
     */
    public abstract SessionException markPartlySaved();

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
    public abstract String responseText();
}
