package dev.sojourn;

import java.util.Optional;

/**
 * A request came with an access token or refresh token that does not count: forged, changed, expired, revoked, or issued
 * for something else. Status 401, with {@code WWW-Authenticate} as in RFC 6750, section 3. The response does not say why.
 */
public final class TokenRefusedException extends SessionException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public TokenRefusedException() {
        super(401, "the request's token does not count", null);
    }

    private TokenRefusedException(TokenRefusedException first) {
        super(first);
    }

    @Override
    public TokenRefusedException toPartlySaved() {
        return new TokenRefusedException(this);
    }

    @Override
    public Optional<String> challenge() {
        return Optional.of("Bearer error=\"invalid_token\"");
    }

    @Override
    public String responseText() {
        return "The token is not valid. Please sign in again.";
    }
}
