package dev.sojourn.jwt;

import dev.sojourn.spi.JsonMembers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The claims of a token, read strictly: one JSON object without duplicate names, times that are whole seconds of at most
 * 12 digits, texts that are well-formed. What is missing or of another type is refused, never read as something near it.
 * A token that is bound to a key by {@code cnf} (RFC 7800) is refused, because nothing here checks that binding.
 *
 * <p>Reading touches no key, so it may precede the check of the signature; the result counts only after that check.
 *
 * <p>Immutable and thread-safe.
 */
final class StrictClaims {
    private static final int MOST_DIGITS = 12;
    private static final int LONGEST_SUBJECT = 256;

    private final JsonMembers members;

    private StrictClaims(JsonMembers members) {
        this.members = members;
    }

    /** Thrown when a token does not count. Has no message and no stack trace: clients can cause it at will. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException() {
            super(null, null, false, false);
        }
    }

    /**
     * When a token was issued and when it ends.
     *
     * @param issuedAt {@code iat}
     * @param expiresAt {@code exp}
     */
    record Times(Instant issuedAt, Instant expiresAt) {}

    /**
     * Reads claims.
     *
     * @param json the payload
     * @return the claims
     * @throws RefusedException if they are not one strict JSON object, or name {@code cnf}
     */
    static StrictClaims read(byte[] json) throws RefusedException {
        requireUtf8(json);
        Optional<JsonMembers> members = StrictJson.object(json, parser -> Optional.of(JsonMembers.read(parser, json)));
        if (members.isEmpty() || members.get().get("cnf") != null) {
            throw new RefusedException();
        }
        return new StrictClaims(members.get());
    }

    /**
     * Checks {@code iat}, {@code exp} and, if present, {@code nbf}.
     *
     * @param now the time
     * @param early how far {@code iat} and {@code nbf} may lie in the future
     * @param late how long after {@code exp} the token still counts
     * @param longest the longest time between {@code iat} and {@code exp}
     * @return both times
     * @throws RefusedException if a time is missing or not a whole number of seconds, or if the token does not count
     *     now or lasts too long
     */
    Times times(Instant now, Duration early, Duration late, Duration longest) throws RefusedException {
        Instant issuedAt = time("iat");
        Instant expiresAt = time("exp");
        Instant latest = now.plus(early);
        Instant notBefore = has("nbf") ? time("nbf") : issuedAt;
        boolean counts = now.isBefore(expiresAt.plus(late))
                && !issuedAt.isAfter(latest)
                && !notBefore.isAfter(latest)
                && issuedAt.isBefore(expiresAt)
                && Duration.between(issuedAt, expiresAt).compareTo(longest) <= 0;
        if (!counts) {
            throw new RefusedException();
        }
        return new Times(issuedAt, expiresAt);
    }

    /** Returns whether a claim is present, with whatever value. */
    boolean has(String name) {
        return members.get(name) != null;
    }

    /** Returns a time in whole seconds: a JSON number of 1 to 12 digits. */
    Instant time(String name) throws RefusedException {
        JsonMembers.Slice value = value(name);
        if (value.length() > MOST_DIGITS) {
            throw new RefusedException();
        }
        long seconds = 0;
        for (int i = value.from(); i < value.to(); i++) {
            int digit = value.source()[i] - '0';
            if (digit < 0 || digit > 9) {
                throw new RefusedException();
            }
            seconds = seconds * 10 + digit;
        }
        return Instant.ofEpochSecond(seconds);
    }

    /** Returns a time, or null if the claim is absent. */
    @Nullable
    Instant optionalTime(String name) throws RefusedException {
        return has(name) ? time(name) : null;
    }

    /** Returns a text that is not empty, well-formed and without control characters. */
    String text(String name) throws RefusedException {
        String text = strings(name, false).get(0);
        requireStorable(text);
        return text;
    }

    /** Returns a text, or null if the claim is absent. */
    @Nullable
    String optionalText(String name) throws RefusedException {
        return has(name) ? text(name) : null;
    }

    /** Returns the user by the rules of {@code login}: a text of 1 to 256 characters; null if the claim is absent. */
    @Nullable
    String optionalSubject(String name) throws RefusedException {
        String subject = optionalText(name);
        if (subject != null && subject.length() > LONGEST_SUBJECT) {
            throw new RefusedException();
        }
        return subject;
    }

    /** Returns {@code aud}, which is a text or a list of texts (RFC 7519 §4.1.3). */
    List<String> audience() throws RefusedException {
        return strings("aud", true);
    }

    /** Returns the claims except some. */
    JsonMembers without(Iterable<String> names) {
        JsonMembers.Draft rest = members.draft();
        names.forEach(rest::remove);
        return rest.members();
    }

    private JsonMembers.Slice value(String name) throws RefusedException {
        JsonMembers.Slice value = members.get(name);
        if (value == null) {
            throw new RefusedException();
        }
        return value;
    }

    private List<String> strings(String name, boolean orList) throws RefusedException {
        JsonMembers.Slice value = value(name);
        if (isPlainText(value)) {
            return List.of(new String(value.source(), value.from() + 1, value.length() - 2, StandardCharsets.US_ASCII));
        }
        List<String> strings = new ArrayList<>(1);
        try (JsonParser parser = JsonMembers.parser(value.bytes())) {
            JsonToken token = parser.nextToken();
            boolean isList = orList && token == JsonToken.START_ARRAY;
            token = isList ? parser.nextToken() : token;
            while (token == JsonToken.VALUE_STRING) {
                strings.add(parser.getString());
                token = parser.nextToken();
            }
            if (strings.isEmpty() || token != (isList ? JsonToken.END_ARRAY : null)) {
                throw new RefusedException();
            }
            return strings;
        } catch (JacksonException e) {
            throw new RefusedException();
        }
    }

    /** Returns whether a value is a text of printable ASCII without escapes, which needs no parser. */
    private static boolean isPlainText(JsonMembers.Slice value) {
        byte[] json = value.source();
        int last = value.to() - 1;
        if (last <= value.from() || json[value.from()] != '"' || json[last] != '"') {
            return false;
        }
        for (int i = value.from() + 1; i < last; i++) {
            if (json[i] < ' ' || json[i] > '~' || json[i] == '"' || json[i] == '\\') {
                return false;
            }
        }
        return true;
    }

    /** Jackson reads some byte sequences that are not UTF-8, such as a slash in two bytes; other readers do not. */
    private static void requireUtf8(byte[] json) throws RefusedException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
        } catch (CharacterCodingException e) {
            throw new RefusedException();
        }
    }

    private static void requireStorable(String text) throws RefusedException {
        boolean storable =
                !text.isEmpty() && Unicode.isWellFormed(text) && text.chars().noneMatch(Character::isISOControl);
        if (!storable) {
            throw new RefusedException();
        }
    }
}
