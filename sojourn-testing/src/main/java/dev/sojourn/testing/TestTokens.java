package dev.sojourn.testing;

import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.StoreKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * Access tokens for tests of applications that mount {@link dev.sojourn.TokenViews}, without an issuer's server: it issues
 * tokens, and accepts its own until they expire. Two instances do not accept each other's tokens. Not for production: its
 * tokens can be read by anyone, and its key ends with the process. Thread-safe.
 */
public final class TestTokens implements AccessTokenFormat {
    /** How long a token lives that is issued without times. */
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final JsonMapper JSON = new JsonMapper();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;

    /** Creates an issuer with a new key. */
    public TestTokens() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
    }

    /**
     * Issues a token that lives for 5 minutes.
     *
     * @param subject the user; null for none
     * @param issuedAt the time of the issue
     * @param claims its other claims, which the view has as attributes
     * @return the token
     */
    public String issue(@Nullable String subject, Instant issuedAt, Map<String, ?> claims) {
        JsonMembers members = JsonMembers.EMPTY;
        for (Map.Entry<String, ?> claim : claims.entrySet()) {
            members = members.with(claim.getKey(), JSON.writeValueAsBytes(claim.getValue()));
        }
        return issue(
                new AccessToken(null, subject, null, null, null, null, issuedAt, issuedAt.plus(LIFETIME), members));
    }

    @Override
    public String issue(AccessToken token) {
        JsonMembers content = JsonMembers.EMPTY;
        content = withText(content, "iss", token.issuer());
        content = withText(content, "sub", token.subject());
        content = withText(content, "jti", token.tokenId());
        content = withText(content, "sid", token.sessionId());
        StoreKey sessionKey = token.sessionKey();
        content = withText(content, "key", sessionKey == null ? null : sessionKey.text());
        content = withTime(content, "auth_time", token.sessionCreatedAt());
        content = withTime(content, "iat", token.issuedAt());
        content = withTime(content, "exp", token.expiresAt());
        byte[] json = object(content.with("claims", object(token.claims())));
        String text = ENCODER.encodeToString(json);
        return text + '.' + mac(text);
    }

    private static JsonMembers withText(JsonMembers content, String name, @Nullable String text) {
        return text == null ? content : content.with(name, JSON.writeValueAsBytes(text));
    }

    private static JsonMembers withTime(JsonMembers content, String name, @Nullable Instant time) {
        return withText(content, name, time == null ? null : time.toString());
    }

    private static byte[] object(JsonMembers members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('{');
        members.writeTo(out);
        out.write('}');
        return out.toByteArray();
    }

    private String mac(String text) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            return ENCODER.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks HmacSHA256, which every runtime must provide", e);
        }
    }

    @Override
    public Optional<AccessToken> verify(String token, Instant now) {
        int dot = token.indexOf('.');
        if (dot < 0 || !isEqual(token.substring(dot + 1), mac(token.substring(0, dot)))) {
            return Optional.empty();
        }
        AccessToken read = read(members(Base64.getUrlDecoder().decode(token.substring(0, dot))));
        return now.isBefore(read.expiresAt()) ? Optional.of(read) : Optional.empty();
    }

    private static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static AccessToken read(JsonMembers content) {
        String sessionKey = text(content, "key");
        JsonMembers.Slice claims = content.get("claims");
        return new AccessToken(
                text(content, "iss"),
                text(content, "sub"),
                text(content, "jti"),
                text(content, "sid"),
                sessionKey == null ? null : StoreKey.of(sessionKey),
                time(content, "auth_time"),
                Instant.parse(String.valueOf(text(content, "iat"))),
                Instant.parse(String.valueOf(text(content, "exp"))),
                claims == null ? JsonMembers.EMPTY : members(claims.bytes()));
    }

    private static JsonMembers members(byte[] json) {
        try (JsonParser parser = JsonMembers.parser(json)) {
            parser.nextToken();
            return JsonMembers.read(parser, json);
        }
    }

    private static @Nullable String text(JsonMembers content, String name) {
        JsonMembers.Slice value = content.get(name);
        return value == null ? null : JSON.readValue(value.bytes(), String.class);
    }

    private static @Nullable Instant time(JsonMembers content, String name) {
        String text = text(content, name);
        return text == null ? null : Instant.parse(text);
    }

    /** Omits the key. */
    @Override
    public String toString() {
        return "TestTokens";
    }
}
