package dev.sojourn;

import java.util.Optional;

/**
 * A request without a signed-in user called {@link SessionView#requireSubject}. Status 401, with {@code WWW-Authenticate:
 * Bearer} and no error code, as RFC 6750, section 3.1, specifies for a request without a token.
 *
 * <p>A request whose token is refused gets a {@link TokenRefusedException} instead.
 */
public final class SignInRequiredException extends SessionException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public SignInRequiredException() {
        super(401, "the request has no signed-in user, and its handler requires one", null);
    }

    private SignInRequiredException(SignInRequiredException first) {
        super(first);
    }

    @Override
    public SignInRequiredException toPartlySaved() {
        return new SignInRequiredException(this);
    }

    /**
     * Returns {@code Bearer}, also where sessions travel in cookies: RFC 9110, section 15.5.2, requires a challenge in
     * each 401, and browsers show no dialog for this one.
     */
    @Override
    public Optional<String> challenge() {
        return Optional.of("Bearer");
    }

    @Override
    public String responseText() {
        return "Please sign in." + (isPartlySaved() ? PARTLY : "");
    }
}
