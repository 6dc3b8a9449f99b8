package dev.sojourn.engine;

import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.JsonMembers.Slice;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What sessions with access tokens and refresh tokens need in addition to other sessions in a store, complete and checked.
 * Such a session is a family of tokens: one access token after the other shows what is in it, and one refresh token after the
 * other leads to the next. Thread-safe.
 */
final class FamilySettings implements AccessRevocation {
    private static final Duration LONGEST_ACCESS = Duration.ofHours(1);
    private static final Duration LONGEST_LOST = Duration.ofDays(30);

    private static final int TOKEN_ID_BYTES = 12;
    /** Claims that have a meaning of their own in a token (RFC 7519, RFC 7800, RFC 9068, OpenID Connect). */
    private static final Set<String> REGISTERED = Set.of(
            "iss",
            "sub",
            "aud",
            "exp",
            "nbf",
            "iat",
            "jti",
            "sid",
            "auth_time",
            "client_id",
            "cnf",
            SignInClaims.METHODS,
            SignInClaims.LEVEL,
            SignInClaims.ACTOR,
            "sojourn_key",
            UserTag.CLAIM);

    final AccessTokenFormat access;
    final RevocationList revocations;
    final Duration lostResponses;
    final RefreshTokenFormat refresh;
    /** How the access tokens of requests are checked. */
    final TokenSettings views;

    final Clock clock;
    private final Deadlines deadlines;
    private final Duration accessLifetime;
    private final List<String> claims;
    private final SecureRandom random;

    FamilySettings(FamilyOptions from, EngineSettings engine, SecureRandom random, List<String> secrets) {
        this.access = required(
                from.access,
                "TokenSessions needs a format for access tokens: c.access(AccessTokens.sealed(Jwe.secret(...))), or"
                        + " AccessTokens.signed(...) if other services read them");
        this.revocations = required(
                from.revocations,
                "TokenSessions needs revocations, or an access token would outlive a logout: c.revocations(Revocations.in("
                        + "store)), with a store of their own");
        if (revocations.uses(engine.store)) {
            throw new IllegalArgumentException(
                    "the revocations are kept in the sessions' own store, where a sweep of sessions would remove them: give"
                            + " Revocations.in(...) a store with a table or prefix of its own");
        }
        this.clock = engine.clock;
        this.deadlines = engine.deadlines;
        this.accessLifetime = from.accessLifetime;
        this.lostResponses = from.lostResponses;
        this.claims = List.copyOf(from.claims);
        this.random = random;
        check();
        this.refresh = new RefreshTokenFormat(secrets);
        Duration absolute = deadlines.absoluteTimeout();
        revocations.requireLifetime(absolute.isZero() ? Deadlines.LONGEST : absolute);
        revocations.addSubjectRule(engine::subject);
        this.views = new TokenSettings(engine, List.of(access), revocations, random);
    }

    private static <T> T required(@Nullable T option, String problem) {
        if (option == null) {
            throw new IllegalArgumentException(problem);
        }
        return option;
    }

    private void check() {
        if (accessLifetime.compareTo(Duration.ofSeconds(1)) < 0 || accessLifetime.compareTo(LONGEST_ACCESS) > 0) {
            throw new IllegalArgumentException("the accessLifetime lies between 1 second and 1 hour, not "
                    + accessLifetime + ": an access token shows what was true when it was issued");
        }
        for (Duration timeout : List.of(deadlines.idleTimeout(), deadlines.absoluteTimeout())) {
            if (!timeout.isZero() && timeout.compareTo(accessLifetime) <= 0) {
                throw new IllegalArgumentException("the idleTimeout of " + deadlines.idleTimeout()
                        + " and the absoluteTimeout of " + deadlines.absoluteTimeout()
                        + " are longer than the accessLifetime of " + accessLifetime
                        + ", or no client could refresh in time");
            }
        }
        boolean inBounds = lostResponses.compareTo(Rotation.GRACE) > 0 && lostResponses.compareTo(LONGEST_LOST) <= 0;
        if (!lostResponses.isZero() && !inBounds) {
            throw new IllegalArgumentException(
                    "lostAnswers is more than 30 seconds, for which any response may be lost, and at most 30 days, or"
                            + " Duration.ZERO for none, not " + lostResponses);
        }
        for (String claim : claims) {
            if (REGISTERED.contains(claim)) {
                throw new IllegalArgumentException("the attribute " + claim
                        + " cannot be a claim, because that name has a meaning of its own in tokens: name the attribute"
                        + " otherwise");
            }
        }
        if (Set.copyOf(claims).size() < claims.size()) {
            throw new IllegalArgumentException("claims(...) names an attribute twice");
        }
    }

    /** Whether the session's access tokens are revoked: it is about to end, or a node died before it had ended it. */
    boolean isRevoked(StoreKey key) {
        return revocations.isRevoked(SessionIds.publicId(key));
    }

    /** Whether all sessions of the user were ended after the login of this one. */
    boolean isUserEnded(SessionRecord record) {
        String subject = record.subject();
        return subject != null && !revocations.isTagCurrent(subject, UserTag.of(record));
    }

    /** Kept for the longest lifetime that any configuration allows: another node may have issued by another one. */
    @Override
    public void revoke(StoreKey key, @Nullable SessionRecord record) {
        boolean hasAccessTokens = record == null || record.generation() != null;
        if (hasAccessTokens) {
            revocations.revoke(SessionIds.publicId(key), clock.instant().plus(LONGEST_ACCESS));
        }
    }

    /** Returns what an access token that is issued now says. It ends no later than the session. */
    AccessToken accessToken(RecordSnapshot snapshot) {
        SessionRecord record = snapshot.record();
        Instant now = clock.instant();
        Instant end = deadlines.end(snapshot.stored().expiresAt(), record);
        Instant latest = now.plus(accessLifetime);
        return new AccessToken(
                null,
                record.subject(),
                tokenId(),
                SessionIds.publicId(snapshot.key()),
                snapshot.key(),
                record.subject() == null ? record.createdAt() : record.signedInAt(),
                now,
                end.isBefore(latest) ? end : latest,
                claims(record));
    }

    private JsonMembers claims(SessionRecord record) {
        JsonMembers.Draft found = JsonMembers.EMPTY.draft();
        String tag = UserTag.of(record);
        if (tag != null) {
            found.set(UserTag.CLAIM, SojournRecordFormat.quoted(tag), null);
        }
        if (record.subject() != null && record.signIn() != null) {
            SignInClaims.write(found, record.signIn());
        }
        for (String name : claims) {
            Slice value = record.attributes().get(name);
            if (value != null) {
                found.set(name, value.bytes(), null);
            }
        }
        return found.members();
    }

    private String tokenId() {
        byte[] bytes = new byte[TOKEN_ID_BYTES];
        random.nextBytes(bytes);
        return SessionIds.text(bytes);
    }
}
