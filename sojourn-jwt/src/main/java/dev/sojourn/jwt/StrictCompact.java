package dev.sojourn.jwt;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A JWS or JWE in compact serialization (RFC 7515 §7.1, RFC 7516 §7.1) that has only one spelling: base64url without
 * padding, without unused bits, and a header in which no name occurs twice. Libraries accept more, so this check comes
 * before them. It touches no key and decodes nothing but the header.
 *
 * <p>The header has only the members that the caller allows, and their values are texts. Headers that change how a
 * token is read, or bring keys with them ({@code crit}, {@code b64}, {@code zip}, {@code cty}, {@code jwk}, {@code jku},
 * {@code x5c}, {@code p2c} and so on), are therefore refused, not ignored.
 *
 * <p>Immutable and thread-safe.
 */
final class StrictCompact {
    /** The most characters of a text. Longer ones are refused before anything is decoded. */
    static final int LONGEST = 8 * 1024;

    private static final int JWS_PARTS = 3;
    private static final int JWE_PARTS = 5;
    private static final int JWE_KEY = 1;
    private static final int JWE_CONTENT = 3;

    private final String[] parts;
    private final Map<String, String> header;

    private StrictCompact(String[] parts, Map<String, String> header) {
        this.parts = parts;
        this.header = header;
    }

    /**
     * Checks a JWS: header, payload and signature, none of them empty.
     *
     * @param text what a client sent
     * @param members the names that its header may have
     * @return the checked text, or empty if it is anything else
     */
    static Optional<StrictCompact> jws(String text, Set<String> members) {
        return of(text, JWS_PARTS, members);
    }

    /**
     * Checks a JWE: header, encrypted key, initialization vector, content and tag. Only the encrypted key and the
     * content may be empty.
     *
     * @param text what a client sent
     * @param members the names that its header may have
     * @return the checked text, or empty if it is anything else
     */
    static Optional<StrictCompact> jwe(String text, Set<String> members) {
        return of(text, JWE_PARTS, members);
    }

    private static Optional<StrictCompact> of(String text, int count, Set<String> members) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        String[] parts = text.split("\\.", count + 1);
        if (parts.length != count) {
            return Optional.empty();
        }
        for (int i = 0; i < count; i++) {
            boolean mayBeEmpty = count == JWE_PARTS && (i == JWE_KEY || i == JWE_CONTENT);
            if ((parts[i].isEmpty() && !mayBeEmpty) || !isCanonical(parts[i])) {
                return Optional.empty();
            }
        }
        return StrictJson.object(Base64.getUrlDecoder().decode(parts[0]), parser -> texts(parser, members))
                .map(header -> new StrictCompact(parts, header));
    }

    /** Returns whether a part is the only base64url text of its bytes. */
    private static boolean isCanonical(String part) {
        int length = part.length();
        int last = 0;
        for (int i = 0; i < length; i++) {
            last = valueOf(part.charAt(i));
            if (last < 0) {
                return false;
            }
        }
        // Two characters of the last group have four unused bits, and three have two.
        return switch (length % 4) {
            case 0 -> true;
            case 2 -> (last & 0b1111) == 0;
            case 3 -> (last & 0b11) == 0;
            default -> false;
        };
    }

    /** Returns the six bits of a character of base64url, or -1 if it is none. */
    private static int valueOf(char character) {
        if (character >= 'A' && character <= 'Z') {
            return character - 'A';
        }
        if (character >= 'a' && character <= 'z') {
            return character - 'a' + 26;
        }
        if (character >= '0' && character <= '9') {
            return character - '0' + 52;
        }
        return character == '-' ? 62 : character == '_' ? 63 : -1;
    }

    private static Optional<Map<String, String>> texts(JsonParser parser, Set<String> members) {
        Map<String, String> texts = new HashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (!members.contains(name) || parser.nextToken() != JsonToken.VALUE_STRING) {
                return Optional.empty();
            }
            texts.put(name, parser.getString());
        }
        return Optional.of(texts);
    }

    /**
     * Returns a member of the header.
     *
     * @param name its name
     * @return its text, or null if the header does not have it
     */
    @Nullable
    String header(String name) {
        return header.get(name);
    }

    /**
     * Returns one part as it was sent.
     *
     * @param index its position, from 0
     * @return canonical base64url, empty if the part is
     */
    String part(int index) {
        return parts[index];
    }

    /**
     * Decodes one part.
     *
     * @param index its position, from 0
     * @return its bytes
     */
    byte[] bytes(int index) {
        return Base64.getUrlDecoder().decode(parts[index]);
    }

    /** Omits the token. */
    @Override
    public String toString() {
        return "StrictCompact[redacted]";
    }
}
