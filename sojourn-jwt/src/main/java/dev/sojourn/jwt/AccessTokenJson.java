package dev.sojourn.jwt;

import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.StoreKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * The content of a sealed access token: one JSON object with {@code sub}, {@code sid}, {@code key}, {@code iat}, {@code
 * exp}, {@code auth_time}, {@code jti} and {@code claims}. Times are in milliseconds since 1970, as in a session's record.
 * Members without a value are absent; {@code iat} and {@code exp} are required.
 */
final class AccessTokenJson {
    /** Up to the year 33658. */
    private static final long LATEST = 999_999_999_999_999L;

    private static final String SUBJECT = "sub";
    private static final String SESSION_ID = "sid";
    private static final String SESSION_KEY = "key";
    private static final String ISSUED_AT = "iat";
    private static final String EXPIRES_AT = "exp";
    private static final String SESSION_CREATED_AT = "auth_time";
    private static final String TOKEN_ID = "jti";
    private static final String CLAIMS = "claims";

    private AccessTokenJson() {}

    static byte[] write(AccessToken token) {
        JsonMembers.Draft members = JsonMembers.EMPTY.draft();
        text(members, SUBJECT, token.subject());
        text(members, SESSION_ID, token.sessionId());
        text(
                members,
                SESSION_KEY,
                token.sessionKey() == null ? null : token.sessionKey().text());
        time(members, ISSUED_AT, token.issuedAt());
        time(members, EXPIRES_AT, token.expiresAt());
        time(members, SESSION_CREATED_AT, token.sessionCreatedAt());
        text(members, TOKEN_ID, token.tokenId());
        if (!token.claims().isEmpty()) {
            members.set(CLAIMS, object(token.claims()), null);
        }
        return object(members.members());
    }

    private static void text(JsonMembers.Draft members, String name, @Nullable String text) {
        if (text != null) {
            Unicode.requireWellFormed("the " + name + " of an access token", text);
            String quoted = '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
            members.set(name, quoted.getBytes(StandardCharsets.UTF_8), null);
        }
    }

    private static void time(JsonMembers.Draft members, String name, @Nullable Instant time) {
        if (time != null) {
            members.set(name, Long.toString(time.toEpochMilli()).getBytes(StandardCharsets.US_ASCII), null);
        }
    }

    private static byte[] object(JsonMembers members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(members.length() + 2);
        out.write('{');
        members.writeTo(out);
        out.write('}');
        return out.toByteArray();
    }

    /** Returns the token, or empty if the content is anything but what {@link #write} writes. */
    static Optional<AccessToken> read(byte[] content) {
        return StrictJson.object(content, parser -> members(parser, content));
    }

    private static Optional<AccessToken> members(JsonParser parser, byte[] content) {
        String subject = null;
        String tokenId = null;
        String sessionId = null;
        StoreKey sessionKey = null;
        Instant sessionCreatedAt = null;
        Instant issuedAt = null;
        Instant expiresAt = null;
        JsonMembers claims = JsonMembers.EMPTY;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (!(isText(name) ? isText(parser) : isTime(name) ? isTime(parser) : isClaims(name, value))) {
                return Optional.empty();
            }
            switch (name) {
                case SUBJECT -> subject = parser.getString();
                case SESSION_ID -> sessionId = parser.getString();
                case SESSION_KEY -> sessionKey = StoreKey.of(parser.getString());
                case TOKEN_ID -> tokenId = parser.getString();
                case ISSUED_AT -> issuedAt = Instant.ofEpochMilli(parser.getLongValue());
                case EXPIRES_AT -> expiresAt = Instant.ofEpochMilli(parser.getLongValue());
                case SESSION_CREATED_AT -> sessionCreatedAt = Instant.ofEpochMilli(parser.getLongValue());
                default -> claims = JsonMembers.read(parser, content);
            }
        }
        if (issuedAt == null || expiresAt == null || !expiresAt.isAfter(issuedAt)) {
            return Optional.empty();
        }
        if (sessionKey != null && sessionId == null) {
            return Optional.empty();
        }
        return Optional.of(new AccessToken(
                null, subject, tokenId, sessionId, sessionKey, sessionCreatedAt, issuedAt, expiresAt, claims));
    }

    private static boolean isText(String name) {
        return switch (name) {
            case SUBJECT, SESSION_ID, SESSION_KEY, TOKEN_ID -> true;
            default -> false;
        };
    }

    private static boolean isTime(String name) {
        return switch (name) {
            case ISSUED_AT, EXPIRES_AT, SESSION_CREATED_AT -> true;
            default -> false;
        };
    }

    private static boolean isClaims(String name, JsonToken value) {
        return name.equals(CLAIMS) && value == JsonToken.START_OBJECT;
    }

    private static boolean isText(JsonParser parser) {
        return parser.currentToken() == JsonToken.VALUE_STRING
                && parser.getStringLength() > 0
                && Unicode.isWellFormed(parser.getString());
    }

    /** A whole number; Jackson throws if it has more than 19 digits. */
    private static boolean isTime(JsonParser parser) {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getLongValue() >= 0
                && parser.getLongValue() <= LATEST;
    }
}
