package dev.sojourn.testing;

import dev.sojourn.spi.SealFormat;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A seal for tests of adapters, which need no dependency for it: AES-GCM with a key that ends with the process. The purpose is
 * authenticated and not part of the key. A text has no age and is sealed in base64url. Thread-safe.
 */
final class TestSeal implements SealFormat {
    private static final int NONCE = 12;
    private static final int TAG = 16;

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;
    private final byte[] purpose;

    TestSeal() {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, "AES");
        this.purpose = new byte[0];
    }

    private TestSeal(SecretKeySpec key, String purpose) {
        this.key = key;
        this.purpose = purpose.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public SealFormat forPurpose(String other) {
        return new TestSeal(key, other);
    }

    @Override
    public String seal(byte[] content, Instant now) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(content);
            byte[] sealed = Arrays.copyOf(nonce, NONCE + encrypted.length);
            System.arraycopy(encrypted, 0, sealed, NONCE, encrypted.length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks AES-GCM, which every runtime must provide", e);
        }
    }

    @Override
    public Opened open(String text, Instant now, Duration maxAge) {
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(text);
            if (sealed.length < NONCE + TAG) {
                return new Opened.Refused();
            }
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE));
            return new Opened.Content(cipher.doFinal(sealed, NONCE, sealed.length - NONCE), false);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return new Opened.Refused();
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
        cipher.updateAAD(purpose);
        return cipher;
    }

    @Override
    public int sealedLength(int bytes) {
        return (8 * (NONCE + bytes + TAG) + 5) / 6;
    }

    /** Omits the key. */
    @Override
    public String toString() {
        return "TestSeal";
    }
}
