package dev.sojourn;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when sessions are temporarily unavailable, or when it is unknown whether a save succeeded. Status 503 with
 * {@code Retry-After}.
 */
public final class SessionUnavailableException extends SessionException {
    private static final long serialVersionUID = 1L;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** The reason. */
    private final Reason reason;

    /**
     * The reason for a failure. For all reasons except {@link #OUTCOME_UNKNOWN} nothing was saved, except for what
     * {@link SessionException#isPartlySaved} reports.
     */
    public enum Reason {
        /** The store did not respond, or refused. */
        STORE_UNAVAILABLE("Sessions are temporarily unavailable."),
        /** The store did not confirm the save. It may have saved; the call was not repeated. */
        OUTCOME_UNKNOWN("It is not known whether your change was saved."),
        /** Other requests changed the session for so long that this request could not save. */
        CONFLICT("Too many requests are changing your session."),
        /** Another request held the lease on the session, or this request held it for too long. */
        LEASE("Another request is using your session."),
        /** The keys that check an access token cannot be fetched from its issuer. The token may be good. */
        KEYS_UNAVAILABLE("Your sign-in cannot be checked at present."),
        /** The client has a sealed session, and this node does not have the key. */
        UNKNOWN_KEY("Sessions are temporarily unavailable.");

        private final String problem;

        Reason(String problem) {
            this.problem = problem;
        }
    }

    /**
     * Creates the exception.
     *
     * @param reason the reason
     * @param message what was expected, what was found, what to do
     * @param cause the store's own error, or null
     */
    public SessionUnavailableException(Reason reason, String message, @Nullable Throwable cause) {
        super(503, message, cause);
        this.reason = reason;
    }

    /**
     * Returns the reason.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    @Override
    public Optional<Duration> retryAfter() {
        return Optional.of(RETRY_AFTER);
    }

    private SessionUnavailableException(SessionUnavailableException first) {
        super(first);
        this.reason = first.reason;
    }

    @Override
    public SessionUnavailableException toPartlySaved() {
        return new SessionUnavailableException(this);
    }

    @Override
    public String responseText() {
        if (reason == Reason.OUTCOME_UNKNOWN) {
            return reason.problem + " Please look before you try again.";
        }
        return reason.problem + (isPartlySaved() ? PARTLY : " Nothing was saved. Please try again.");
    }
}
