package dev.sojourn.spi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an access token says. Immutable.
 *
 * @param issuer who issued it; null for tokens that only this application reads
 * @param subject the user, or null
 * @param tokenId a name of this token ({@code jti}); null if the issuer gives none
 * @param sessionId the public id of the session that it is a view of ({@code sid}); null if the issuer names none
 * @param sessionKey the store key of that session; null for the tokens of other issuers
 * @param sessionCreatedAt when that session began ({@code auth_time}), or null
 * @param issuedAt when it was issued
 * @param expiresAt when it ends
 * @param claims its other claims
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
    /** Omits the claims and the ids. */
    @Override
    public String toString() {
        return "AccessToken[redacted]";
    }
}
