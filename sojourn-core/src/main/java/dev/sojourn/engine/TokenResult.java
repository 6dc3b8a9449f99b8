package dev.sojourn.engine;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.spi.AccessToken;

/** What came of looking for a request's access token and checking it. */
sealed interface TokenResult {
    /** The request carries no token. */
    enum Absent implements TokenResult {
        INSTANCE
    }

    /**
     * The token counts.
     *
     * @param token the token, its subject normalized
     */
    record Accepted(AccessToken token) implements TokenResult {}

    /**
     * What the request carries does not count.
     *
     * @param refusal the reason that the listener receives
     * @param cause the reason for the log; contains nothing of the token
     */
    record Refused(TokenRefusal refusal, String cause) implements TokenResult {}
}
