package dev.sojourn.jwt;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWECryptoParts;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The key of one secret, application, purpose and day, with its header. Immutable and thread-safe. */
final class SealKey {
    /** Shared, because the library would look for a source of randomness for each text. */
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Kept in the form in which it was parsed, so that it is not encoded again for every text. */
    private final JWEHeader header;

    private final DirectEncrypter encrypter;
    private final DirectDecrypter decrypter;

    SealKey(byte[] key, SealKeyId id) {
        try {
            SecretKey secret = new SecretKeySpec(key, "AES");
            header = JWEHeader.parse(new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                    .keyID(id.text())
                    .build()
                    .toBase64URL());
            encrypter = new DirectEncrypter(secret);
            decrypter = new DirectDecrypter(secret);
            Provider provider = provider(secret);
            encrypter.getJCAContext().setContentEncryptionProvider(provider);
            decrypter.getJCAContext().setContentEncryptionProvider(provider);
            encrypter.getJCAContext().setSecureRandom(RANDOM);
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException("a key of 256 bits and a header of its own must be valid", e);
        }
    }

    /** Returns the provider that the runtime chooses for this key, so that it is not looked up for each text. */
    private static Provider provider(SecretKey key) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key);
            return cipher.getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks AES/GCM with 256 bits", e);
        }
    }

    /** Encrypts with a random initialization vector of 96 bits. */
    String encrypt(byte[] content) {
        try {
            JWECryptoParts parts = encrypter.encrypt(header, content, authenticated(header.toBase64URL()));
            return header.toBase64URL()
                    + ".."
                    + parts.getInitializationVector()
                    + '.'
                    + parts.getCipherText()
                    + '.'
                    + parts.getAuthenticationTag();
        } catch (JOSEException e) {
            throw new IllegalStateException("this Java runtime lacks AES/GCM with 256 bits", e);
        }
    }

    /**
     * Decrypts a checked text whose header names this key, with the header's members in any order.
     *
     * @return the content, or empty if the tag does not match
     */
    Optional<byte[]> decrypt(StrictCompact text) {
        try {
            return Optional.of(decrypter.decrypt(
                    header,
                    null,
                    new Base64URL(text.part(2)),
                    new Base64URL(text.part(3)),
                    new Base64URL(text.part(4)),
                    authenticated(new Base64URL(text.part(0)))));
        } catch (JOSEException e) {
            return Optional.empty();
        }
    }

    /** Returns the data that the tag covers in addition to the content (RFC 7516 §5.1, step 14). */
    private static byte[] authenticated(Base64URL header) {
        return header.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Omits the key. */
    @Override
    public String toString() {
        return "SealKey[redacted]";
    }
}
