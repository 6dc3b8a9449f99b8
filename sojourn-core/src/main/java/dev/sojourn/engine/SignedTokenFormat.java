package dev.sojourn.engine;

import dev.sojourn.spi.TokenFormat;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * The project's own token format: the id, a dot, and the HMAC-SHA-256 of the id in base64url. The signature is compared
 * as text, in constant time: comparing decoded bytes would accept four spellings of each.
 *
 * <p>For an application that is not at the root, the signature also covers a dot and the application's path. No id
 * contains a dot, so no signature of one application is valid in another.
 */
final class SignedTokenFormat implements TokenFormat {
    private static final String PURPOSE = "sojourn session token 1";
    private static final int SIGNATURE_LENGTH = 43;
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final Signer[] signers;
    /** The bytes that are signed in addition to the id. */
    private final byte[] binding;

    SignedTokenFormat(List<String> secrets) {
        this(KeyDerivation.keys(secrets, PURPOSE).stream().map(Signer::new).toArray(Signer[]::new), new byte[0]);
    }

    private SignedTokenFormat(Signer[] signers, byte[] binding) {
        this.signers = signers;
        this.binding = binding;
    }

    @Override
    public TokenFormat forApplication(String application) {
        return application.isEmpty()
                ? this
                : new SignedTokenFormat(signers, ('.' + application).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String write(String id) {
        byte[] signature = signers[0].sign(id.getBytes(StandardCharsets.ISO_8859_1), id.length(), binding);
        return id + '.' + new String(signature, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean isWellFormed(String token) {
        int dot = dot(token);
        return dot >= SessionIds.SHORTEST
                && dot <= SessionIds.LONGEST
                && token.charAt(dot) == '.'
                && SessionIds.wellFormed(token, dot);
    }

    private static int dot(String token) {
        return token.length() - SIGNATURE_LENGTH - 1;
    }

    @Override
    public Optional<VerifiedId> read(String token) {
        if (!isWellFormed(token)) {
            return Optional.empty();
        }
        int dot = dot(token);
        byte[] text = token.getBytes(StandardCharsets.ISO_8859_1);
        byte[] signature = Arrays.copyOfRange(text, dot + 1, text.length);
        for (int i = 0; i < signers.length; i++) {
            if (MessageDigest.isEqual(signers[i].sign(text, dot, binding), signature)) {
                return Optional.of(new VerifiedId(token.substring(0, dot), i > 0));
            }
        }
        return Optional.empty();
    }

    /**
     * A keyed Mac that is cloned for each use: no thread-local, no pool. If the provider cannot clone, a new Mac is
     * created.
     */
    private static final class Signer {
        private final Key key;
        private final Mac prototype;

        Signer(Key key) {
            this.key = key;
            this.prototype = fresh(key);
        }

        /** Signs the first bytes of a text, and the binding. */
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
}
