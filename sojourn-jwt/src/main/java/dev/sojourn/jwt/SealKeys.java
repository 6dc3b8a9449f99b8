package dev.sojourn.jwt;

import dev.sojourn.spi.SecretRules;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives the keys of an application's secrets: a separate one for each secret, application, purpose and UTC day. Keeps
 * the latest. Thread-safe.
 *
 * <p>A random initialization vector of 96 bits is good for 2<sup>32</sup> texts under one key (NIST SP 800-38D §8.3).
 * With a key a day that is 49,700 texts a second, without counting them.
 */
final class SealKeys {
    /** More than the days of a month, for two secrets and two purposes. Without these, each costs one HMAC again. */
    private static final int MOST_KEPT = 256;

    private static final String HMAC = "HmacSHA256";
    private static final String KEY = "sojourn sealed session 1";
    private static final String KEY_ID = "sojourn sealed key id 1";

    private final List<byte[]> secrets;
    private final List<String> ids;
    private final String application;
    private final Map<Slot, SealKey> kept = new ConcurrentHashMap<>();

    private SealKeys(List<byte[]> secrets, List<String> ids, String application) {
        this.secrets = secrets;
        this.ids = ids;
        this.application = application;
    }

    /** Checks the secrets, newest first. */
    static SealKeys of(List<String> secrets) {
        List<byte[]> checked = SecretRules.validate(secrets);
        return new SealKeys(checked, checked.stream().map(SealKeys::id).toList(), "");
    }

    /** Returns the keys of the same secrets for an application. */
    SealKeys forApplication(String name) {
        return new SealKeys(secrets, ids, name);
    }

    /** Returns the three characters that name each secret in a {@code kid}, newest first. */
    List<String> ids() {
        return ids;
    }

    /**
     * Returns a key.
     *
     * @param secret the position of the secret
     */
    SealKey key(int secret, String purpose, long day) {
        Slot slot = new Slot(secret, purpose, day);
        SealKey present = kept.get(slot);
        if (present != null) {
            return present;
        }
        SealKey derived = new SealKey(
                expand(secrets.get(secret), info(application, purpose, day)), new SealKeyId(ids.get(secret), day));
        if (kept.size() >= MOST_KEPT) {
            kept.clear();
        }
        kept.put(slot, derived);
        return derived;
    }

    /** Returns 18 bits that are the same for every application, purpose and day, so that each secret is recognized. */
    private static String id(byte[] secret) {
        byte[] hash = expand(secret, KEY_ID.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 3);
    }

    /** Writes the length of each text before it, so that no two combinations have the same bytes. */
    private static byte[] info(String application, String purpose, long day) {
        byte[] label = KEY.getBytes(StandardCharsets.US_ASCII);
        byte[] first = application.getBytes(StandardCharsets.UTF_8);
        byte[] second = purpose.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(label.length + first.length + second.length + 3 * Integer.BYTES)
                .put(label)
                .putInt(first.length)
                .put(first)
                .putInt(second.length)
                .put(second)
                .putInt((int) day)
                .array();
    }

    /** Applies the expand step of HKDF with SHA-256 (RFC 5869 §2.3) for one block of 32 bytes. */
    private static byte[] expand(byte[] secret, byte[] info) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            mac.update(info);
            return mac.doFinal(new byte[] {1});
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "this Java runtime lacks " + HMAC + ", which every Java runtime must provide", e);
        }
    }

    /** Omits the keys. */
    @Override
    public String toString() {
        return "SealKeys[redacted]";
    }

    /** Where a derived key is kept. */
    private record Slot(int secret, String purpose, long day) {}
}
