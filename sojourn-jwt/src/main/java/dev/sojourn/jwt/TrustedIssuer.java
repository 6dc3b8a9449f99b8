package dev.sojourn.jwt;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.jwt.JwksRequest.JwksSource;
import dev.sojourn.jwt.StrictClaims.RefusedException;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.LogText;
import dev.sojourn.spi.TokenVerifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An issuer whose access tokens a service accepts, for example a Keycloak realm. Its keys are fetched from its JWKS
 * document.
 *
 * <pre>{@code
 * TrustedIssuer.of("https://id.example.com/realms/shop")
 *         .jwks("https://id.example.com/realms/shop/protocol/openid-connect/certs")
 *         .algorithms(SignatureAlgorithm.RS256)
 *         .audience("https://orders.example.com")
 * }</pre>
 *
 * <p><b>What counts.</b> A signed token (JWS) of at most 8,192 characters in exactly one spelling, whose header has {@code
 * alg} and {@code kid}, and nothing else than {@code typ}, {@code x5t} and {@code x5t#S256}; whose algorithm is allowed
 * and fits the key; whose {@code iss} is the issuer and whose {@code aud}, a text or a list, names this service; with
 * {@code exp} and {@code iat} as whole seconds, and {@code nbf} if it is there. A token with {@code cnf} is bound to a key
 * that nothing here checks, and does not count. {@code sub} may be absent.
 *
 * <p>An ID token of the same issuer looks alike. It does not count as long as {@code audience} names the service, not the
 * client that signs users in; {@link Builder#type} excludes it where the issuer follows RFC 9068.
 *
 * <p><b>Claims.</b> The result has all claims except {@code iss sub jti sid exp iat nbf auth_time}, which have methods or
 * are used up here: {@code scope}, {@code scp}, {@code realm_access} and the others can be read from the view.
 *
 * <p><b>Keys.</b> The first token fetches the key set. It is kept for 5 minutes; the request that finds it 4 minutes old
 * fetches it again. An unknown key id fetches it at most every 30 s. If the issuer does not respond, the last good set
 * counts for up to 1 hour; if the key is not in it, {@link #verify} throws {@link SessionUnavailableException} (503), since
 * a sign-in is not wrong because its issuer is away. Documents of more than 50 kB, redirects, and private or symmetric
 * keys do not count. Set a proxy by the system properties of the JDK ({@code https.proxyHost}).
 *
 * <p>Thread-safe; starts no thread. {@link #verify} blocks while keys are fetched: four {@link Builder#timeout}s at most. Each
 * instance has its own keys and cache, so create it once.
 */
public final class TrustedIssuer implements TokenVerifier {
    private static final Set<String> HEADER = Set.of("alg", "kid", "typ", "x5t", "x5t#S256");
    private static final String APPLICATION = "application/";
    /** Represents the absent type in a set of types. */
    private static final String NO_TYPE = "";

    private static final Set<String> USUAL_TYPES =
            Set.of(NO_TYPE, "jwt", "application/jwt", "at+jwt", "application/at+jwt");
    private static final Set<String> USED_UP = Set.of("iss", "sub", "jti", "sid", "exp", "iat", "nbf", "auth_time");

    /** Key ids of issuers are free texts; this leaves room for every spelling of a thumbprint. */
    private static final Pattern KEY_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private static final Duration LONGEST_SKEW = Duration.ofSeconds(60);
    private static final Duration LONGEST_LIFETIME = Duration.ofHours(24);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(50);
    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(5);

    private final String issuer;
    private final Set<SignatureAlgorithm> algorithms;
    private final Set<String> audience;
    private final Set<String> types;
    private final Duration clockSkew;
    private final Duration maxLifetime;
    private final JwksCache keys;
    private final VerifiedSignatures signatures = new VerifiedSignatures();

    private TrustedIssuer(Builder builder, URI jwks, Set<String> audience) {
        this.issuer = builder.issuer;
        this.algorithms = Set.copyOf(builder.algorithms);
        this.audience = audience;
        this.types = builder.types;
        this.clockSkew = builder.clockSkew;
        this.maxLifetime = builder.maxLifetime;
        this.keys = new JwksCache(issuer, new JwksSource(jwks, builder.timeout, builder.tls));
    }

    /**
     * Begins the description of an issuer. {@link Builder#jwks}, {@link Builder#algorithms} and {@link Builder#audience}
     * follow.
     *
     * @param issuer its name, compared with {@code iss} character by character, usually an address
     * @return a builder
     * @throws IllegalArgumentException if it is null or empty
     */
    public static Builder of(String issuer) {
        return new Builder(ConfigText.require(issuer, "issuer", "TrustedIssuer.of(\"https://id.example.com\")"));
    }

    /** Collects what an issuer needs. {@link #audience} completes it. Not thread-safe. */
    public static final class Builder {
        private final String issuer;
        private final EnumSet<SignatureAlgorithm> algorithms = EnumSet.noneOf(SignatureAlgorithm.class);
        private @Nullable URI jwks;
        private @Nullable SSLContext tls;
        private Duration timeout = Duration.ofMillis(500);
        private Duration clockSkew = Duration.ofSeconds(30);
        private Duration maxLifetime = Duration.ofHours(1);
        private Set<String> types = USUAL_TYPES;

        private Builder(String issuer) {
            this.issuer = issuer;
        }

        /**
         * Sets where the issuer publishes its keys: {@code jwks_uri} in its discovery document ({@code
         * /.well-known/openid-configuration}).
         *
         * @param url an https address
         * @return this builder
         * @throws IllegalArgumentException if it is null, empty, or no https address
         */
        public Builder jwks(String url) {
            jwks = address(url, "https");
            if (!"https".equals(jwks.getScheme())) {
                throw new IllegalArgumentException(
                        "keys are fetched by https only, because over http everyone on the way"
                                + " could replace them, but jwks is " + LogText.quote(url)
                                + "; for an issuer on this machine use jwksOverLocalHttp(...)");
            }
            return this;
        }

        /**
         * Sets where an issuer on this machine publishes its keys, without TLS: for development.
         *
         * @param url an http address of {@code localhost}, {@code 127.0.0.1} or {@code [::1]}
         * @return this builder
         * @throws IllegalArgumentException if it is null, empty, or another address
         */
        public Builder jwksOverLocalHttp(String url) {
            jwks = address(url, "http");
            if (!"http".equals(jwks.getScheme())
                    || !Set.of("localhost", "127.0.0.1", "[::1]").contains(jwks.getHost())) {
                throw new IllegalArgumentException("jwksOverLocalHttp is for http://localhost, http://127.0.0.1 and"
                        + " http://[::1], but is " + LogText.quote(url) + "; use jwks(...) with https for other hosts");
            }
            return this;
        }

        private static URI address(String url, String scheme) {
            String text = ConfigText.require(url, "jwks", "jwks(\"https://id.example.com/.well-known/jwks.json\")");
            try {
                URI address = new URI(text);
                if (address.getHost() != null && address.getUserInfo() == null && address.getFragment() == null) {
                    return address;
                }
            } catch (URISyntaxException e) {
                // The message below names the address.
            }
            throw new IllegalArgumentException("jwks must be an " + scheme
                    + " address with a host, without user and fragment, but is " + LogText.quote(text));
        }

        /**
         * Sets the algorithms that count. Name those that the issuer uses, usually one.
         *
         * @param first an algorithm
         * @param more further ones
         * @return this builder
         */
        public Builder algorithms(SignatureAlgorithm first, SignatureAlgorithm... more) {
            algorithms.clear();
            algorithms.add(Objects.requireNonNull(first, "an algorithm is needed"));
            for (SignatureAlgorithm each : more) {
                algorithms.add(Objects.requireNonNull(each, "an algorithm is needed"));
            }
            return this;
        }

        /**
         * Sets the certificates that the JWKS address may have, for issuers with a certificate authority of their own.
         * Default: those that the Java runtime trusts.
         *
         * @param context a context with these certificates as trusted ones
         * @return this builder
         */
        public Builder tls(SSLContext context) {
            tls = Objects.requireNonNull(context, "a TLS context is needed");
            return this;
        }

        /**
         * Sets the tolerance for the issuer's clock: how long after {@code exp} a token still counts, and how far {@code
         * iat} and {@code nbf} may lie ahead. Default: 30 s.
         *
         * @param skew 0 to 60 s
         * @return this builder
         * @throws IllegalArgumentException if it is out of bounds
         */
        public Builder clockSkew(Duration skew) {
            clockSkew = requireBetween("clockSkew", skew, Duration.ZERO, LONGEST_SKEW);
            return this;
        }

        /**
         * Sets the longest time between {@code iat} and {@code exp}. Tokens that last longer do not count. Default: 1
         * hour. A stolen token is good until its end, so keep this as short as the issuer allows.
         *
         * @param lifetime 1 s to 24 hours
         * @return this builder
         * @throws IllegalArgumentException if it is out of bounds
         */
        public Builder maxLifetime(Duration lifetime) {
            maxLifetime = requireBetween("maxLifetime", lifetime, Duration.ofSeconds(1), LONGEST_LIFETIME);
            return this;
        }

        /**
         * Requires a {@code typ}. Default: {@code at+jwt}, {@code JWT} and an absent one count.
         *
         * @param type for example {@code at+jwt}, which RFC 9068 requires; compared without case and without {@code
         *     application/}
         * @return this builder
         * @throws IllegalArgumentException if it is null or empty
         */
        public Builder type(String type) {
            String lower = ConfigText.require(type, "type", "type(\"at+jwt\")").toLowerCase(Locale.ROOT);
            String plain = lower.startsWith(APPLICATION) ? lower.substring(APPLICATION.length()) : lower;
            types = Set.of(plain, APPLICATION + plain);
            return this;
        }

        /**
         * Sets the timeout for fetching keys. It applies to connecting and to each read; the whole takes at most four
         * times as long. Default: 500 ms.
         *
         * @param limit 50 ms to 5 s
         * @return this builder
         * @throws IllegalArgumentException if it is out of bounds
         */
        public Builder timeout(Duration limit) {
            timeout = requireBetween("timeout", limit, SHORTEST_TIMEOUT, LONGEST_TIMEOUT);
            return this;
        }

        /**
         * Sets the names of this service and completes the description. A token counts if its {@code aud} has one of
         * them; a token for another service does not count here.
         *
         * @param first the name or address under which the issuer knows this service
         * @param more further ones
         * @return the issuer; nothing is fetched yet
         * @throws IllegalArgumentException if one is null or empty, or if the JWKS address or the algorithms are missing
         */
        public TrustedIssuer audience(String first, String... more) {
            Set<String> audience =
                    ConfigText.require(first, more, "audience", "audience(\"https://orders.example.com\")");
            if (jwks == null) {
                throw new IllegalArgumentException("jwks is missing: TrustedIssuer.of(" + LogText.quote(issuer)
                        + ") needs jwks(\"https://...\") before audience(...), the jwks_uri of its discovery document");
            }
            if (algorithms.isEmpty()) {
                throw new IllegalArgumentException("algorithms are missing: TrustedIssuer.of(" + LogText.quote(issuer)
                        + ") needs algorithms(...) before audience(...), for example algorithms(RS256): a token must not"
                        + " choose its algorithm");
            }
            return new TrustedIssuer(this, jwks, audience);
        }

        /** Shows the issuer. */
        @Override
        public String toString() {
            return "TrustedIssuer.Builder[" + LogText.text(issuer) + "]";
        }
    }

    private static Duration requireBetween(String option, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    option + " of a TrustedIssuer must be " + least + " to " + most + ", but is " + value);
        }
        return value;
    }

    /**
     * Returns how long a token may count, from its issue on: the configured longest lifetime, and twice the tolerance for
     * the clock, once before it and once after it.
     */
    @Override
    public Duration maxLifetime() {
        return maxLifetime.plus(clockSkew.multipliedBy(2));
    }

    @Override
    public Optional<AccessToken> verify(String token, Instant now) {
        Optional<StrictCompact> compact = StrictCompact.jws(token, HEADER);
        if (compact.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(checked(compact.get(), now));
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    /** Reads everything before the key is looked up, so that only a token of this issuer for this service fetches keys. */
    private AccessToken checked(StrictCompact token, Instant now) throws RefusedException {
        String type = token.header("typ");
        require(types.contains(type == null ? NO_TYPE : type.toLowerCase(Locale.ROOT)));
        StrictClaims claims = StrictClaims.read(token.bytes(1));
        require(issuer.equals(claims.text("iss")));
        StrictClaims.Times times = claims.times(now, clockSkew, clockSkew, maxLifetime);
        require(claims.audience().stream().anyMatch(audience::contains));
        AccessToken read = new AccessToken(
                issuer,
                claims.optionalSubject("sub"),
                claims.optionalText("jti"),
                claims.optionalText("sid"),
                null,
                claims.optionalTime("auth_time"),
                times.issuedAt(),
                times.expiresAt(),
                claims.without(USED_UP));
        require(isSigned(token, now));
        return read;
    }

    private boolean isSigned(StrictCompact token, Instant now) {
        Optional<SignatureAlgorithm> algorithm =
                SignatureAlgorithm.named(token.header("alg")).filter(algorithms::contains);
        String id = token.header("kid");
        return algorithm.isPresent()
                && id != null
                && KEY_ID.matcher(id).matches()
                && keys.find(id, now)
                        .filter(key -> signatures.isSigned(token, algorithm.get(), key))
                        .isPresent();
    }

    private static void require(boolean counts) throws RefusedException {
        if (!counts) {
            throw new RefusedException();
        }
    }

    /** Shows the issuer. */
    @Override
    public String toString() {
        return "TrustedIssuer[" + LogText.text(issuer) + "]";
    }
}
