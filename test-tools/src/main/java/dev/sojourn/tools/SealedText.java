package dev.sojourn.tools;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes sealed texts as {@code sojourn-jwt} documents them, with the JDK alone: with the right key, and with a header and
 * lengths that the module never uses.
 */
public final class SealedText {
    private SealedText() {}

    /** Derives the key of a day. */
    public static SecretKeySpec key(String secret, String application, String purpose, Instant now) {
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

    /** Returns the name of a day's key. */
    public static String kid(String secret, Instant now) {
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

    /**
     * Encrypts a content.
     *
     * @param key the key
     * @param header the header, any bytes
     * @param content the content
     * @param vectorLength the length of the initialization vector in bytes, 12 in a right text; at least 1
     * @param tagLength the length of the tag in bytes, 16 in a right text; at least 12
     * @return the text
     */
    public static String encrypt(SecretKeySpec key, byte[] header, byte[] content, int vectorLength, int tagLength) {
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

    /** Encodes bytes in base64url without padding. */
    public static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
