package dev.sojourn;

import java.time.Duration;
import java.util.Optional;

/**
 * The user of a request signed in too long ago for what it asks for; see {@link SessionView#requireFresh}. Status 401, with
 * the challenge {@code insufficient_user_authentication} of RFC 9470: the application sends the user to sign in again.
 */
public final class FreshSignInRequiredException extends SessionException {
    private static final long serialVersionUID = 1L;

    /** How long ago the user may have signed in. */
    private final Duration maxAge;

    /**
     * Creates the exception.
     *
     * @param maxAge how long ago the user may have signed in
     */
    public FreshSignInRequiredException(Duration maxAge) {
        super(401, "the user signed in too long ago: the handler requires a sign-in within " + maxAge, null);
        this.maxAge = maxAge;
    }

    private FreshSignInRequiredException(FreshSignInRequiredException first) {
        super(first);
        this.maxAge = first.maxAge;
    }

    /**
     * Returns how long ago the user may have signed in.
     *
     * @return the time that the handler required
     */
    public Duration maxAge() {
        return maxAge;
    }

    @Override
    public FreshSignInRequiredException toPartlySaved() {
        return new FreshSignInRequiredException(this);
    }

    /** Returns the challenge of RFC 9470, section 3, with {@code max_age} in seconds. */
    @Override
    public Optional<String> challenge() {
        return Optional.of(
                "Bearer error=\"insufficient_user_authentication\", error_description=\"A more recent sign-in is"
                        + " required\", max_age=\"" + maxAge.toSeconds() + "\"");
    }

    @Override
    public String responseText() {
        return "Please sign in again to continue." + (isPartlySaved() ? PARTLY : "");
    }
}
