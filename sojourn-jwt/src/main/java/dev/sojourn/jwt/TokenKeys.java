package dev.sojourn.jwt;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The private keys that sign an application's access tokens, and the schedule by which one follows another. All nodes
 * have the same keys and switch by the clock; nothing is stored.
 *
 * <pre>{@code
 * TokenKeys keys = TokenKeys.of(TokenKey.fromPem(System.getenv("TOKEN_KEY")))
 *         .next(TokenKey.fromPem(System.getenv("NEXT_TOKEN_KEY")),
 *                 Instant.parse("2027-03-01T00:00:00Z"),     // in the JWKS document from then on
 *                 Instant.parse("2027-03-03T00:00:00Z"));    // signs from then on
 * }</pre>
 *
 * <p>A new key is in the JWKS document for at least {@link #PUBLISHED_BEFORE} before it signs, because other services keep
 * the document for hours. Deploy it to every node before that begins. The key before it stays in the document for {@link
 * #PUBLISHED_AFTER} after the switch, until its last tokens have ended; remove it from the configuration any time later.
 * A key that became known to others is removed at once: its tokens end here immediately, elsewhere as soon as the other
 * service fetches the document again, and clients get new ones with their refresh tokens.
 *
 * <p>Immutable and thread-safe. No I/O.
 */
public final class TokenKeys {
    /** The shortest time for which a key is published before it signs: 24 hours. */
    public static final Duration PUBLISHED_BEFORE = Duration.ofHours(24);

    /**
     * How long a key stays published after its successor began to sign: 2 hours and 1 minute. That is the longest
     * lifetime of an access token (1 hour), what two clocks may differ by (60 s), and 1 hour for everything else.
     */
    public static final Duration PUBLISHED_AFTER = SignedAccessTokens.LONGEST_LIFETIME
            .plus(SignedAccessTokens.CLOCK_DIFFERENCE)
            .plusHours(1);

    private final List<Scheduled> keys;

    private TokenKeys(List<Scheduled> keys) {
        this.keys = List.copyOf(keys);
    }

    private record Scheduled(TokenKey key, Instant publishedFrom, Instant signsFrom, Instant publishedUntil) {
        boolean isPublished(Instant now) {
            return !now.isBefore(publishedFrom) && now.isBefore(publishedUntil);
        }

        Scheduled until(Instant end) {
            return new Scheduled(key, publishedFrom, signsFrom, end);
        }
    }

    /**
     * Creates keys with one that signs from the beginning. It signs until the {@link #next} key begins to.
     *
     * @param key the key
     * @return the keys
     */
    public static TokenKeys of(TokenKey key) {
        Objects.requireNonNull(key, "a key is needed");
        return new TokenKeys(List.of(new Scheduled(key, Instant.MIN, Instant.MIN, Instant.MAX)));
    }

    /**
     * Returns these keys with a further one, which takes over from the last one.
     *
     * @param key the key
     * @param publishedFrom when it enters the JWKS document
     * @param signsFrom when it begins to sign, and the key before it ceases to
     * @return the keys
     * @throws IllegalArgumentException if it is published for less than {@link #PUBLISHED_BEFORE} before it signs, if
     *     it signs no later than the key before it, or if it is one of these keys
     */
    public TokenKeys next(TokenKey key, Instant publishedFrom, Instant signsFrom) {
        Scheduled last = keys.get(keys.size() - 1);
        if (keys.stream().anyMatch(each -> each.key.id().equals(key.id()))) {
            throw new IllegalArgumentException(
                    "two token keys have the id " + key.id() + ": they are the same key, so list it once");
        }
        if (publishedFrom.plus(PUBLISHED_BEFORE).isAfter(signsFrom)) {
            throw new IllegalArgumentException("a token key must be published for at least "
                    + PUBLISHED_BEFORE.toHours()
                    + " hours before it signs, because other services keep the JWKS document"
                    + " for hours, but key " + key.id() + " is published from " + publishedFrom + " and signs from "
                    + signsFrom);
        }
        if (!signsFrom.isAfter(last.signsFrom)) {
            throw new IllegalArgumentException("token keys must be listed in the order in which they sign, but key "
                    + key.id() + " signs from " + signsFrom + ", and the key before it from " + last.signsFrom);
        }
        List<Scheduled> more = new ArrayList<>(keys.subList(0, keys.size() - 1));
        more.add(last.until(signsFrom.plus(PUBLISHED_AFTER)));
        more.add(new Scheduled(key, publishedFrom, signsFrom, Instant.MAX));
        return new TokenKeys(more);
    }

    /**
     * Returns the JWKS document (RFC 7517 §5) as of now, by the system's clock. Serve it with {@link Jwks#TYPE} and
     * {@link Jwks#CACHE_CONTROL}, usually under {@code /.well-known/jwks.json}.
     *
     * @return JSON with public members only
     */
    public String jwks() {
        return jwks(Instant.now());
    }

    /**
     * Returns the JWKS document (RFC 7517 §5) as of a time.
     *
     * @param now the time
     * @return JSON with public members only: the keys that are published at that time, in the order in which they sign
     */
    public String jwks(Instant now) {
        return keys.stream()
                .filter(each -> each.isPublished(now))
                .map(each -> each.key.toPublicJwk())
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    /** Returns the key that signs at a time. */
    TokenKey signing(Instant now) {
        Scheduled signing = keys.get(0);
        for (Scheduled each : keys) {
            signing = now.isBefore(each.signsFrom) ? signing : each;
        }
        return signing.key;
    }

    /** Returns a key that is published at a time. */
    Optional<TokenKey> published(String id, Instant now) {
        return keys.stream()
                .filter(each -> each.key.id().equals(id) && each.isPublished(now))
                .map(Scheduled::key)
                .findFirst();
    }

    /** Shows the number of keys. */
    @Override
    public String toString() {
        return "TokenKeys[" + keys.size() + "]";
    }
}
