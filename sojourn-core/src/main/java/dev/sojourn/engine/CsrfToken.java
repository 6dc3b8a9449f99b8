package dev.sojourn.engine;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The CSRF token of a session with a secret id: an HMAC of a constant, with the id as its key. So it needs no storage and no
 * other secret, does not reveal the id, and ends with it.
 *
 * <p>Each text has another mask, so that a page with a token can be compressed (BREACH): 32 random bytes, followed by the
 * token XOR these bytes, in base64url.
 */
final class CsrfToken {
    private static final byte[] PURPOSE = "sojourn csrf token 1".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES = 32;
    /** The length of a text: 64 bytes in base64url. */
    private static final int LENGTH = 86;

    private CsrfToken() {}

    /** Returns a text with the token of a session. */
    static String of(String id, SecureRandom random) {
        byte[] mask = new byte[BYTES];
        random.nextBytes(mask);
        byte[] masked = xor(token(id), mask);
        byte[] all = Arrays.copyOf(mask, 2 * BYTES);
        System.arraycopy(masked, 0, all, BYTES, BYTES);
        return SessionIds.text(all);
    }

    /** Returns whether a text has the token of a session, in constant time. Never throws, whatever the text is. */
    static boolean isFor(String id, String text) {
        byte[] all = decode(text);
        if (all.length != 2 * BYTES) {
            return false;
        }
        byte[] mask = Arrays.copyOf(all, BYTES);
        return MessageDigest.isEqual(token(id), xor(Arrays.copyOfRange(all, BYTES, 2 * BYTES), mask));
    }

    private static byte[] decode(String text) {
        if (text.length() != LENGTH) {
            return new byte[0];
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            // The decoder ignores the unused bits of the last character.
            return SessionIds.text(bytes).equals(text) ? bytes : new byte[0];
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static byte[] xor(byte[] bytes, byte[] mask) {
        byte[] result = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            result[i] = (byte) (bytes[i] ^ mask[i]);
        }
        return result;
    }

    private static byte[] token(String id) {
        try {
            Mac mac = Mac.getInstance(KeyDerivation.HMAC);
            mac.init(new SecretKeySpec(id.getBytes(StandardCharsets.UTF_8), KeyDerivation.HMAC));
            return mac.doFinal(PURPOSE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "this Java runtime lacks " + KeyDerivation.HMAC + ", which every Java runtime must provide", e);
        }
    }
}
