package dev.sojourn.spi;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The content of an access token. Immutable. A {@link TokenVerifier} returns one only for a token that counts.
 *
 * @param issuer the issuer ({@code iss}); null for tokens that only this application reads
 * @param subject the user ({@code sub}), unchecked: who uses the token applies the rules for subjects; null for none
 * @param tokenId a name of this token ({@code jti}); null if the issuer gives none
 * @param sessionId the public id of the session that it is a view of ({@code sid}); null if the issuer names none
 * @param sessionKey the store key of that session; null for the tokens of other issuers
 * @param sessionCreatedAt when the user signed in ({@code auth_time}); without a user, when that session began; or null
 * @param issuedAt when it was issued ({@code iat})
 * @param expiresAt when it ends ({@code exp}), later than {@code issuedAt}
 * @param claims its other claims, which an application reads as attributes
 */
public record AccessToken(
        @Nullable String issuer,
        @Nullable String subject,
        @Nullable String tokenId,
        @Nullable String sessionId,
        @Nullable StoreKey sessionKey,
        @Nullable Instant sessionCreatedAt,
        Instant issuedAt,
        Instant expiresAt,
        JsonMembers claims) {
    /**
     * Checks what every token has.
     *
     * @param issuer the issuer, or null
     * @param subject the user, or null
     * @param tokenId the token's name, or null
     * @param sessionId the public id of the session, or null
     * @param sessionKey the store key of the session, or null
     * @param sessionCreatedAt when the session began, or null
     * @param issuedAt when it was issued
     * @param expiresAt when it ends
     * @param claims its other claims
     * @throws NullPointerException if a time or the claims are missing
     * @throws IllegalArgumentException if it ends before it begins, or if it has the key of a session and not its public
     *     id
     */
    public AccessToken {
        Objects.requireNonNull(issuedAt, "issuedAt");
        Objects.requireNonNull(expiresAt, "expiresAt");
        Objects.requireNonNull(claims, "claims");
        if (!expiresAt.isAfter(issuedAt)) {
            throw new IllegalArgumentException("an access token ends after it was issued, not at " + expiresAt
                    + " if it was issued at " + issuedAt);
        }
        if (sessionKey != null && sessionId == null) {
            throw new IllegalArgumentException("an access token with the key of a session also has its public id");
        }
    }

    /** Omits the claims and the ids. */
    @Override
    public String toString() {
        return "AccessToken[redacted]";
    }
}
