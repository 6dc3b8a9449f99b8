package dev.sojourn.engine;

import dev.sojourn.spi.SecretRules;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives a separate key for each purpose from checked secrets, so that the output of one purpose is worthless for
 * another.
 */
final class KeyDerivation {
    static final String HMAC = "HmacSHA256";

    private KeyDerivation() {}

    /** Returns the keys for one purpose, in the order of the secrets. */
    static List<Key> keys(List<String> secrets, String purpose) {
        return SecretRules.validate(secrets).stream()
                .map(secret -> derive(secret, purpose))
                .toList();
    }

    /** Applies the expand step of HKDF (RFC 5869 §2.3) for one block, with the purpose as its info. */
    private static Key derive(byte[] secret, String purpose) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            return new SecretKeySpec(mac.doFinal(new byte[] {1}), HMAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "this Java runtime lacks " + HMAC + ", which every Java runtime must provide", e);
        }
    }
}
