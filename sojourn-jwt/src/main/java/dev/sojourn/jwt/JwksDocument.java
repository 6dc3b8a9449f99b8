package dev.sojourn.jwt;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import dev.sojourn.spi.JsonMembers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a JWKS document (RFC 7517 §5). A key that is of no use here does not disturb the others: it is left out if it has
 * private or symmetric members, is meant for encryption, has no id, is too short, or is not on its curve. Of two keys
 * with one id, the first counts.
 */
final class JwksDocument {
    /** Members that only a private or symmetric key has: "d" and its companions, "k". */
    private static final List<String> PRIVATE = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    /** The members that nimbus is given; it would fail on certificates that do not matter here. */
    private static final List<String> READ = List.of("kty", "kid", "use", "key_ops", "alg", "n", "e", "crv", "x", "y");

    private JwksDocument() {}

    /**
     * Reads a document.
     *
     * @param json the document
     * @return its keys by their ids, at least one
     * @throws IOException if it is not a JWKS document, or has no key that can be used
     */
    static Map<String, VerificationKey> read(byte[] json) throws IOException {
        Map<String, VerificationKey> keys = StrictJson.object(
                        json, parser -> Optional.of(JsonMembers.read(parser, json)))
                .map(document -> document.get("keys"))
                .map(JwksDocument::keys)
                .orElseThrow(() -> new IOException("the response is not a JWKS document"));
        if (keys.isEmpty()) {
            throw new IOException("the JWKS document has no public key that can be used");
        }
        return Map.copyOf(keys);
    }

    private static @Nullable Map<String, VerificationKey> keys(JsonMembers.Slice array) {
        Map<String, VerificationKey> keys = new HashMap<>();
        byte[] json = array.bytes();
        try (JsonParser parser = JsonMembers.parser(json)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return null;
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    add(JsonMembers.read(parser, json), keys);
                } else {
                    parser.skipChildren();
                }
            }
        }
        return keys;
    }

    private static void add(JsonMembers members, Map<String, VerificationKey> keys) {
        if (PRIVATE.stream().anyMatch(name -> members.get(name) != null)) {
            return;
        }
        try {
            JWK key = JWK.parse(text(members));
            String id = key.getKeyID();
            if (id != null && isForSignatures(key)) {
                VerificationKey.of(key).ifPresent(usable -> keys.putIfAbsent(id, usable));
            }
        } catch (ParseException | RuntimeException e) {
            // One key that nimbus cannot read is one key less.
        }
    }

    private static boolean isForSignatures(JWK key) {
        return (key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse()))
                && (key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY));
    }

    private static String text(JsonMembers members) {
        JsonMembers known = JsonMembers.EMPTY;
        for (String name : READ) {
            JsonMembers.Slice value = members.get(name);
            known = value == null ? known : known.with(name, value.bytes());
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(512);
        text.write('{');
        known.writeTo(text);
        text.write('}');
        return text.toString(StandardCharsets.UTF_8);
    }
}
