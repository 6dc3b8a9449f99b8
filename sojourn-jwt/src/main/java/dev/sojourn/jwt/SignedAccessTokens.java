package dev.sojourn.jwt;

import dev.sojourn.SessionTooLargeException;
import dev.sojourn.jwt.StrictClaims.RefusedException;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.LogText;
import dev.sojourn.spi.StoreKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Access tokens that are signed and readable (RFC 9068): {@code typ: at+jwt}, RS256 or ES256 according to the key, and the
 * claims {@code iss aud sub client_id iat exp jti sid auth_time} in addition to those that the application chose. Created
 * by {@link AccessTokens#signed}.
 *
 * <p><b>What a token shows.</b> Who holds a token can read it, so choose its claims accordingly. The claim {@code
 * sojourn_key} is the name under which the store keeps the session. That is no secret: it is the SHA-256 of the session's
 * id, no request can open a session with it, and the id cannot be computed from it. It lets this application load the
 * session of a token with one store call.
 *
 * <p><b>What counts.</b> A token counts if it has exactly one spelling, its header names nothing but {@code alg}, {@code
 * kid} and {@code typ}, its key is published and fits the algorithm, issuer and audience are these, it has not ended and
 * lasts at most an hour. {@code iat} may be up to 60 s ahead, because the clocks of two nodes may differ; {@code exp} has
 * no tolerance. Times are whole seconds, so a token ends up to a second early, and {@link AccessToken#sessionCreatedAt()}
 * is cut to the second.
 *
 * <p>A signature can be spelled in more than one way (with ECDSA, {@code s} and {@code n - s} are both right), so two
 * texts can be the same token. Tokens are distinguished by {@code sid} and {@code jti}, never by their text.
 *
 * <p>Immutable except for a cache of about 10,000 right signatures, thread-safe, no I/O.
 */
public final class SignedAccessTokens implements AccessTokenFormat {
    /** The longest lifetime of an access token. */
    static final Duration LONGEST_LIFETIME = Duration.ofHours(1);

    /** What the clocks of two nodes may differ by. */
    static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(60);

    static final Set<String> TYPES = Set.of("at+jwt", "application/at+jwt");

    private static final Set<String> HEADER = Set.of("alg", "kid", "typ");
    private static final String SESSION_KEY = "sojourn_key";

    /** Claims that this format writes or that have a meaning to everyone who checks tokens. */
    private static final Set<String> OURS = Set.of(
            "iss", "aud", "sub", "client_id", "iat", "nbf", "exp", "jti", "sid", "auth_time", "cnf", SESSION_KEY);

    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final int TOKEN_ID_BYTES = 12;
    private static final int SHOWN_CLAIMS = 5;

    private final TokenKeys keys;
    private final String issuer;
    private final Set<String> audience;
    private final String clientId;
    private final SecureRandom random = new SecureRandom();
    private final VerifiedSignatures signatures = new VerifiedSignatures();

    private SignedAccessTokens(TokenKeys keys, String issuer, Set<String> audience, String clientId) {
        this.keys = keys;
        this.issuer = issuer;
        this.audience = audience;
        this.clientId = clientId;
    }

    /** Collects what signed tokens need. {@link #audience} completes it. Not thread-safe. */
    public static final class Builder {
        private final TokenKeys keys;
        private @Nullable String issuer;
        private @Nullable String clientId;

        Builder(TokenKeys keys) {
            this.keys = Objects.requireNonNull(keys, "the keys that sign the tokens are needed");
        }

        /**
         * Sets the issuer ({@code iss}): the address of this application, under which other services know it.
         *
         * @param url the address, compared character by character by everyone who checks tokens
         * @return this builder
         * @throws IllegalArgumentException if it is null or empty
         */
        public Builder issuer(String url) {
            issuer = ConfigText.require(url, "issuer", "issuer(\"https://shop.example.com\")");
            return this;
        }

        /**
         * Sets the client ({@code client_id}), which RFC 9068 requires. Default: the first audience.
         *
         * @param id the id
         * @return this builder
         * @throws IllegalArgumentException if it is null or empty
         */
        public Builder clientId(String id) {
            clientId = ConfigText.require(id, "clientId", "clientId(\"shop-app\")");
            return this;
        }

        /**
         * Sets for whom the tokens are ({@code aud}) and completes the description. This application checks its own
         * tokens for one of these, and other services check for their own name.
         *
         * @param first the address or name of a service, usually of this application
         * @param more those of further services
         * @return the format
         * @throws IllegalArgumentException if one is null or empty, or if the issuer is missing
         */
        public SignedAccessTokens audience(String first, String... more) {
            Set<String> all = ConfigText.require(first, more, "audience", "audience(\"https://api.example.com\")");
            String by = ConfigText.require(issuer, "issuer", "issuer(\"https://shop.example.com\")");
            return new SignedAccessTokens(keys, by, all, clientId == null ? first : clientId);
        }

        /** Shows no key. */
        @Override
        public String toString() {
            return "SignedAccessTokens.Builder[" + keys + "]";
        }
    }

    /**
     * Issues a token, signed by the key that signs at its {@link AccessToken#issuedAt()}. The configured issuer is used,
     * whatever the token names. Without a token id, a random one of 96 bits is used. Without a user, {@code sub} is
     * absent, and services that follow RFC 9068 refuse the token.
     *
     * @param token its content
     * @return the text
     * @throws IllegalArgumentException if there is no session id or session key, if it lasts longer than an hour, if
     *     a claim has the name of a claim that this format writes, or if the claims are not strict JSON
     * @throws SessionTooLargeException if the text would be longer than 8,192 characters, which no verifier here accepts
     */
    @Override
    public String issue(AccessToken token) {
        for (String name : token.claims().names()) {
            if (OURS.contains(name)) {
                throw new IllegalArgumentException("an access token has a claim " + LogText.quote(name)
                        + " of its own, so no attribute of that name can be one: rename the key in claims(...)");
            }
        }
        if (Duration.between(token.issuedAt(), token.expiresAt()).compareTo(LONGEST_LIFETIME) > 0) {
            throw new IllegalArgumentException("an access token lasts at most an hour, but was to last from "
                    + token.issuedAt() + " to " + token.expiresAt());
        }
        byte[] payload = payload(token);
        requireReadable(payload);
        String text = keys.signing(token.issuedAt()).sign(payload);
        if (text.length() > StrictCompact.LONGEST) {
            throw tooLarge(token.claims(), text.length());
        }
        return text;
    }

    /** Claims come from a store, where another program may have written what no strict reader accepts. */
    private static void requireReadable(byte[] payload) {
        try {
            StrictClaims.read(payload).optionalSubject("sub");
        } catch (RefusedException e) {
            throw new IllegalArgumentException(
                    "this access token could not be read back: its claims must be JSON in which"
                            + " no name occurs twice in an object, at most 64 levels deep, and its user a valid subject");
        }
    }

    private byte[] payload(AccessToken token) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        write(out, "{\"iss\":" + quote(issuer));
        if (token.subject() != null) {
            write(out, ",\"sub\":" + quote(token.subject()));
        }
        write(out, ",\"aud\":" + audienceJson());
        write(out, ",\"client_id\":" + quote(clientId));
        write(out, ",\"iat\":" + token.issuedAt().getEpochSecond());
        write(out, ",\"exp\":" + token.expiresAt().getEpochSecond());
        write(out, ",\"jti\":" + quote(token.tokenId() == null ? randomId() : token.tokenId()));
        write(out, ",\"sid\":" + quote(required(token.sessionId(), "public id")));
        if (token.sessionCreatedAt() != null) {
            write(out, ",\"auth_time\":" + token.sessionCreatedAt().getEpochSecond());
        }
        StoreKey key = token.sessionKey();
        write(out, ",\"" + SESSION_KEY + "\":" + quote(required(key == null ? null : key.text(), "store key")));
        if (!token.claims().isEmpty()) {
            write(out, ",");
            token.claims().writeTo(out);
        }
        write(out, "}");
        return out.toByteArray();
    }

    private String audienceJson() {
        return audience.size() == 1
                ? quote(audience.iterator().next())
                : audience.stream().map(SignedAccessTokens::quote).collect(Collectors.joining(",", "[", "]"));
    }

    private static String required(@Nullable String value, String what) {
        if (value == null) {
            throw new IllegalArgumentException(
                    "an access token is a view of a session, but names no " + what + " of one");
        }
        return value;
    }

    private String randomId() {
        byte[] bytes = new byte[TOKEN_ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Returns the failure to issue a token that no verifier here accepts. */
    static SessionTooLargeException tooLarge(JsonMembers claims, int length) {
        String largest = claims.names().stream()
                .sorted((a, b) -> Integer.compare(lengthOf(claims, b), lengthOf(claims, a)))
                .limit(SHOWN_CLAIMS)
                .map(name -> LogText.quote(name) + " " + lengthOf(claims, name) + " bytes")
                .collect(Collectors.joining(", "));
        return new SessionTooLargeException("an access token may have " + StrictCompact.LONGEST
                + " characters, but this one would have " + length + "; its largest claims: " + largest
                + ". Name fewer or smaller attributes in claims(...)");
    }

    private static int lengthOf(JsonMembers claims, String name) {
        JsonMembers.Slice value = claims.get(name);
        return value == null ? 0 : value.length();
    }

    private static void write(ByteArrayOutputStream out, String json) {
        out.writeBytes(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String quote(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
    }

    /** Returns how long a token may count, from its issue on: an hour, and the 60 s by which two clocks may differ. */
    @Override
    public Duration maxLifetime() {
        return LONGEST_LIFETIME.plus(CLOCK_DIFFERENCE);
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

    /** Checks the token as of its issue. */
    @Override
    public boolean isExpired(String token, Instant now) {
        Optional<StrictCompact> compact = StrictCompact.jws(token, HEADER);
        if (compact.isEmpty()) {
            return false;
        }
        try {
            StrictClaims claims = StrictClaims.read(compact.get().bytes(1));
            if (now.isBefore(claims.time("exp"))) {
                return false;
            }
            checked(compact.get(), claims.time("iat"));
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    private AccessToken checked(StrictCompact token, Instant now) throws RefusedException {
        String type = token.header("typ");
        require(type != null && TYPES.contains(type.toLowerCase(Locale.ROOT)));
        StrictClaims claims = StrictClaims.read(token.bytes(1));
        StrictClaims.Times times = claims.times(now, CLOCK_DIFFERENCE, Duration.ZERO, LONGEST_LIFETIME);
        require(issuer.equals(claims.text("iss")));
        require(claims.audience().stream().anyMatch(audience::contains));
        claims.text("client_id");
        AccessToken read = new AccessToken(
                issuer,
                claims.optionalSubject("sub"),
                claims.text("jti"),
                claims.text("sid"),
                StoreKey.of(claims.text(SESSION_KEY)),
                claims.optionalTime("auth_time"),
                times.issuedAt(),
                times.expiresAt(),
                claims.without(OURS));
        require(isSigned(token, now));
        return read;
    }

    private boolean isSigned(StrictCompact token, Instant now) {
        String id = token.header("kid");
        if (id == null || !KEY_ID.matcher(id).matches()) {
            return false;
        }
        Optional<TokenKey> key = keys.published(id, now);
        return key.isPresent()
                && key.get().algorithm().name().equals(token.header("alg"))
                && signatures.isSigned(token, key.get().algorithm(), key.get().open());
    }

    private static void require(boolean counts) throws RefusedException {
        if (!counts) {
            throw new RefusedException();
        }
    }

    /** Shows the issuer. */
    @Override
    public String toString() {
        return "SignedAccessTokens[" + LogText.text(issuer) + "]";
    }
}
