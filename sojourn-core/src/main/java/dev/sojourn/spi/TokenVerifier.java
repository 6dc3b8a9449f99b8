package dev.sojourn.spi;

import dev.sojourn.SessionUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Checks access tokens. Implementations are thread-safe and start no threads. */
public interface TokenVerifier {
    /**
     * Checks a token: its form, its protection, its times, and for whom it is. May block if the issuer's keys have to be
     * fetched; a verifier of own tokens does no I/O.
     *
     * @param token what a client sent, whatever it is
     * @param now the time
     * @return what the token says, or empty if it does not count
     * @throws SessionUnavailableException if the key cannot be obtained at present, so that nobody can tell whether the
     *     token counts
     */
    Optional<AccessToken> verify(String token, Instant now);

    /**
     * Returns whether a token that {@link #verify} has refused counted until it expired. Only listeners learn of it: clients
     * send expired tokens all the time, and a forged one should not go unnoticed among them. Never true for a token that was
     * not issued. Does no I/O.
     *
     * @param token what a client sent, whatever it is
     * @param now the time
     * @return true if it has expired and nothing else is wrong with it; false if that is not known, which is the default
     */
    default boolean isExpired(String token, Instant now) {
        return false;
    }

    /**
     * Returns how long a token may live, from its issue to its end. One that lives longer is refused, whatever {@link
     * #verify} returns, because entries about revoked tokens are not kept longer.
     *
     * @return the time; 24 hours by default
     */
    default Duration maxLifetime() {
        return Duration.ofHours(24);
    }
}
