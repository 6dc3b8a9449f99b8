package dev.sojourn.jwt;

import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.SealFormat;
import dev.sojourn.spi.SealFormat.Opened.Content;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Issues and checks access tokens that only this application can read. Immutable and thread-safe. */
final class SealedAccessTokens implements AccessTokenFormat {
    private static final String PURPOSE = "access";
    private static final Duration LONGEST = SignedAccessTokens.LONGEST_LIFETIME;
    /** By how much the clock of the node that issued a token may be ahead. Its expiry is exact. */
    private static final Duration SKEW = SignedAccessTokens.CLOCK_DIFFERENCE;

    private final SealFormat format;

    SealedAccessTokens(SealFormat format) {
        this.format = format.forPurpose(PURPOSE);
    }

    @Override
    public String issue(AccessToken token) {
        if (!isShort(token)) {
            throw new IllegalArgumentException("an access token lives for at most " + LONGEST.toMinutes()
                    + " minutes, but this one is from " + token.issuedAt() + " to " + token.expiresAt());
        }
        byte[] content = AccessTokenJson.write(token);
        if (AccessTokenJson.read(content).isEmpty()) {
            throw new IllegalArgumentException(
                    "this access token could not be read back: it lives for at least 1 ms, and"
                            + " its claims are JSON, at most 62 levels deep, in which no name occurs twice in an object");
        }
        int length = format.sealedLength(content.length);
        if (length > StrictCompact.LONGEST) {
            throw SignedAccessTokens.tooLarge(token.claims(), length);
        }
        return format.seal(content, token.issuedAt());
    }

    @Override
    public Optional<AccessToken> verify(String token, Instant now) {
        return format.open(token, now, LONGEST) instanceof Content content
                ? AccessTokenJson.read(content.bytes()).filter(read -> counts(read, now))
                : Optional.empty();
    }

    @Override
    public boolean isExpired(String token, Instant now) {
        return format.open(token, now, LONGEST) instanceof Content content
                && AccessTokenJson.read(content.bytes())
                        .filter(read -> isShort(read) && !now.isBefore(read.expiresAt()))
                        .isPresent();
    }

    private static boolean counts(AccessToken token, Instant now) {
        return isShort(token)
                && now.isBefore(token.expiresAt())
                && Duration.between(now, token.issuedAt()).compareTo(SKEW) <= 0;
    }

    private static boolean isShort(AccessToken token) {
        return Duration.between(token.issuedAt(), token.expiresAt()).compareTo(LONGEST) <= 0;
    }

    /** Omits the secrets. */
    @Override
    public String toString() {
        return "SealedAccessTokens[redacted]";
    }
}
