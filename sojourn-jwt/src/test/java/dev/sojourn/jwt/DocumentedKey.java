package dev.sojourn.jwt;

import static dev.sojourn.jwt.Texts.base64url;
import static dev.sojourn.jwt.Texts.utf8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Keys and texts that are made as {@link Jwe} documents them, with the JDK alone. */
final class DocumentedKey {
    private DocumentedKey() {}

    static SecretKeySpec of(String secret, String application, String purpose, Instant now) {
        byte[] label = utf8("sojourn sealed session 1");
        byte[] first = utf8(application);
        byte[] second = utf8(purpose);
        ByteBuffer info = ByteBuffer.allocate(label.length + 4 + first.length + 4 + second.length + 4)
                .put(label)
                .putInt(first.length)
                .put(first)
                .putInt(second.length)
                .put(second)
                .putInt(day(now));
        return new SecretKeySpec(expand(secret, info.array()), "AES");
    }

    static String kid(String secret, Instant now) {
        // The day's 18 bits fill the last three of four characters.
        byte[] day = {(byte) (day(now) >> 16), (byte) (day(now) >> 8), (byte) day(now)};
        return base64url(expand(secret, utf8("sojourn sealed key id 1"))).substring(0, 3)
                + base64url(day).substring(1);
    }

    private static int day(Instant now) {
        return (int) Duration.between(Instant.EPOCH, now).toDays();
    }

    private static byte[] expand(String secret, byte[] info) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(utf8(secret), "HmacSHA256"));
            mac.update(info);
            return mac.doFinal(new byte[] {1});
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Encrypts with any header, and with a vector and a tag of any length in bytes. */
    static String encrypt(SecretKeySpec key, byte[] header, byte[] content, int vectorLength, int tagLength) {
        try {
            String protectedHeader = base64url(header);
            byte[] vector = new byte[vectorLength];
            Arrays.fill(vector, (byte) 7);
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(tagLength * 8, vector));
            cipher.updateAAD(utf8(protectedHeader));
            byte[] out = cipher.doFinal(content);
            int length = out.length - tagLength;
            return String.join(
                    ".",
                    protectedHeader,
                    "",
                    base64url(vector),
                    base64url(Arrays.copyOf(out, length)),
                    base64url(Arrays.copyOfRange(out, length, out.length)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
