package dev.sojourn.engine;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;

/**
 * Signs the text of a token with HMAC-SHA-256, in base64url. A keyed Mac is cloned for each use: no thread-local, no pool.
 * If the provider cannot clone, a new Mac is created.
 */
final class TokenSigner {
    /** The length of a signature in characters. */
    static final int LENGTH = 43;

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final Key key;
    private final Mac prototype;

    private TokenSigner(Key key) {
        this.key = key;
        this.prototype = fresh(key);
    }

    /** Returns the signers for one purpose, in the order of the secrets. */
    static TokenSigner[] all(List<String> secrets, String purpose) {
        return KeyDerivation.keys(secrets, purpose).stream()
                .map(TokenSigner::new)
                .toArray(TokenSigner[]::new);
    }

    /** Signs the first bytes of a text, and what the signature also covers. */
    byte[] sign(byte[] text, int length, byte[] binding) {
        Mac mac = mac();
        mac.update(text, 0, length);
        mac.update(binding);
        return BASE64URL.encode(mac.doFinal());
    }

    private Mac mac() {
        try {
            return (Mac) prototype.clone();
        } catch (CloneNotSupportedException e) {
            return fresh(key);
        }
    }

    private static Mac fresh(Key key) {
        try {
            Mac mac = Mac.getInstance(KeyDerivation.HMAC);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "this Java runtime lacks " + KeyDerivation.HMAC + ", which every Java runtime must provide", e);
        }
    }
}
