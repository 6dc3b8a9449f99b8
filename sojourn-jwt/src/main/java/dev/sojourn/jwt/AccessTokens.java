package dev.sojourn.jwt;

import dev.sojourn.spi.AccessTokenFormat;

/**
 * Formats of an application's access tokens: {@link #sealed} unless other services check them, {@link #signed} if they
 * do.
 */
public final class AccessTokens {
    private AccessTokens() {}

    /**
     * Returns tokens that only this application can read: sealed, so that their claims need not be public, and cheaper to
     * check than an ES256 or RS256 signature. Clients and other services see an opaque text.
     *
     * <p>A token lives for at most an hour. Its expiry is exact, to the millisecond; times are not kept more finely. A
     * token of a node whose clock is more than 60 s ahead does not count yet. The token's issuer and the marks of its
     * claims are not part of it. The format is immutable, thread-safe and does no I/O; {@code issue} throws {@link
     * IllegalArgumentException} if the token could not be read back: a longer lifetime, or a text with an unpaired surrogate;
     * and {@link dev.sojourn.SessionTooLargeException} if it would have more than 8,192 characters.
     *
     * @param seal the secrets and the application; the tokens' keys differ from those of sessions that it seals
     * @return the format
     */
    public static AccessTokenFormat sealed(Jwe seal) {
        return new SealedAccessTokens(seal);
    }

    /**
     * Begins the description of signed tokens (RFC 9068), which every service can read and check with the public keys.
     *
     * @param keys the private keys
     * @return a builder; {@link SignedAccessTokens.Builder#issuer} and {@link SignedAccessTokens.Builder#audience} follow
     */
    public static SignedAccessTokens.Builder signed(TokenKeys keys) {
        return new SignedAccessTokens.Builder(keys);
    }
}
