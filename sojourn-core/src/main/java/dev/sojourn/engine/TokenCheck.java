package dev.sojourn.engine;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.TokenVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an access token counts: a verifier accepts it, and it breaks none of the rules that hold for tokens of
 * all issuers. Thread-safe.
 */
final class TokenCheck {
    /** A token with this claim counts only together with a proof of possession (RFC 7800), which Sojourn does not check. */
    private static final String CONFIRMATION = "cnf";

    private static final String ISSUER = "iss";

    private final TokenSettings settings;

    TokenCheck(TokenSettings settings) {
        this.settings = settings;
    }

    /**
     * Checks a token. May block if a verifier does, or if the list of revocations has to be read.
     *
     * @param refresh when the list of revocations is read
     * @param beforeBlocking a check of the calling thread, run before the list is read because of a user's tag
     * @throws SessionUnavailableException if it cannot be decided now
     */
    TokenResult check(String text, ViewRefresh refresh, Runnable beforeBlocking) {
        Instant now = settings.common.clock.instant();
        SessionUnavailableException unavailable = null;
        for (TokenVerifier verifier : settings.verifiers) {
            AccessToken token = null;
            try {
                token = verify(verifier, text, now);
            } catch (SessionUnavailableException e) {
                // Another verifier may accept the token: an issuer's outage is not that of all.
                unavailable = unavailable == null ? e : unavailable;
            }
            if (token != null) {
                return check(token, verifier.maxLifetime(), refresh, beforeBlocking);
            }
        }
        if (unavailable != null) {
            throw unavailable;
        }
        return isExpired(text, now)
                ? new TokenResult.Refused(TokenRefusal.EXPIRED, "it has expired")
                : refused("no verifier accepts it");
    }

    private boolean isExpired(String text, Instant now) {
        for (TokenVerifier verifier : settings.verifiers) {
            try {
                if (verifier.isExpired(text, now)) {
                    return true;
                }
            } catch (RuntimeException | StackOverflowError e) {
                settings.complain("the token verifier " + verifier.getClass().getName(), e);
            }
        }
        return false;
    }

    /** No token may cause another failure than a refusal, whatever it contains. */
    private @Nullable AccessToken verify(TokenVerifier verifier, String text, Instant now) {
        try {
            Optional<AccessToken> token = verifier.verify(text, now);
            return token.orElse(null);
        } catch (SessionUnavailableException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            settings.complain("the token verifier " + verifier.getClass().getName(), e);
            return null;
        }
    }

    private TokenResult check(AccessToken token, Duration maxLifetime, ViewRefresh refresh, Runnable beforeBlocking) {
        if (Duration.between(token.issuedAt(), token.expiresAt()).compareTo(maxLifetime) > 0) {
            return refused("it lives longer than the " + maxLifetime + " that its verifier allows");
        }
        if (token.claims().get(CONFIRMATION) != null) {
            return refused("it is bound to a key (cnf), and a bearer token shows no possession of that key");
        }
        String subject = token.subject();
        if (subject != null) {
            subject = subject(subject);
            if (subject == null) {
                return refused("its subject is no subject, or the rule of normalizeSubjects fails on it");
            }
        }
        if (isRevoked(token, subject, refresh, beforeBlocking)) {
            return new TokenResult.Refused(
                    TokenRefusal.REVOKED, "it, its session or all sessions of its user were ended");
        }
        return new TokenResult.Accepted(normalized(token, subject));
    }

    /** An own token is revoked by its session only, so its own id is not looked up. */
    private boolean isRevoked(
            AccessToken token, @Nullable String subject, ViewRefresh refresh, Runnable beforeBlocking) {
        RevocationList revocations = settings.revocations;
        return revocations != null
                && ((token.sessionId() != null && revocations.isRevoked(token.sessionId(), refresh))
                        || (token.sessionKey() == null
                                && token.tokenId() != null
                                && revocations.isRevoked(token.tokenId(), refresh))
                        || (subject != null && isUserEnded(revocations, token, subject, refresh, beforeBlocking)));
    }

    /** An own token carries the user's tag, if there was one at its login; for tokens of other issuers times have to do. */
    private static boolean isUserEnded(
            RevocationList revocations,
            AccessToken token,
            String subject,
            ViewRefresh refresh,
            Runnable beforeBlocking) {
        return token.sessionKey() != null
                ? !revocations.isTagCurrent(subject, UserTag.inClaims(token.claims()), refresh, beforeBlocking)
                : revocations.isRevokedAt(subject, token.issuedAt(), refresh);
    }

    /** Returns what a token of the application's own format says, if it counts apart from revocations; for its end. */
    Optional<AccessToken> verify(String text, Instant now) {
        return settings.verifiers.stream()
                .flatMap(verifier -> Optional.ofNullable(verify(verifier, text, now)).stream())
                .findFirst();
    }

    private @Nullable String subject(String name) {
        if (!TextRules.isSubject(name)) {
            return null;
        }
        try {
            return settings.common.subject(name);
        } catch (RuntimeException | StackOverflowError e) {
            settings.complain("the rule of c.normalizeSubjects(...)", e);
            return null;
        }
    }

    /**
     * Replaces the subject, and adds the issuer to what the application can read: the same subject may be different users of
     * two issuers.
     */
    private AccessToken normalized(AccessToken token, @Nullable String subject) {
        String issuer = token.sessionKey() == null ? token.issuer() : null;
        return new AccessToken(
                token.issuer(),
                subject,
                token.tokenId(),
                token.sessionId(),
                token.sessionKey(),
                token.sessionCreatedAt(),
                token.issuedAt(),
                token.expiresAt(),
                issuer == null
                        ? token.claims().without(UserTag.CLAIM)
                        : token.claims().with(ISSUER, settings.common.values.write(ISSUER, issuer, settings.texts)));
    }

    private static TokenResult refused(String cause) {
        return new TokenResult.Refused(TokenRefusal.NOT_ISSUED, cause);
    }
}
