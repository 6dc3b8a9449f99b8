package dev.sojourn;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sessions cannot be had just now, or a save cannot be told to have happened. Status 503 with {@code Retry-After}. */
public final class SessionUnavailableException extends SessionException {
    private static final long serialVersionUID = 1L;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** Why. */
    private final Reason reason;

    /**
     * Why. For all but {@link #OUTCOME_UNKNOWN} nothing was saved, except for what
     * {@link SessionException#isPartlySaved} tells of.
     */
    public enum Reason {
        /** The store did not answer, or refused. */
        STORE_UNAVAILABLE("Sessions are not available just now."),
        /** The store did not say whether it saved. It may have; it was not tried twice. */
        OUTCOME_UNKNOWN("It is not known whether your change was saved."),
        /** Other requests changed the session for so long that this one's turn did not come. */
        CONFLICT("Too many requests are changing your session."),
        /** Another request had the session to itself, or this one did for too long. */
        LEASE("Another request is using your session.");

        private final String problem;

        Reason(String problem) {
            this.problem = problem;
        }
    }

    /**
     * Says why.
     *
     * @param reason why
     * @param message what was expected, what was found, what to do
     * @param cause the store's own error, or null
     */
    public SessionUnavailableException(Reason reason, String message, @Nullable Throwable cause) {
        super(503, message, cause);
        this.reason = reason;
    }

    /**
     * Why.
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
    public SessionUnavailableException markPartlySaved() {
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
