package dev.sojourn.redis;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digests that this module computes. */
final class Digests {
    private Digests() {}

    /** Returns the digest by which Redis names scripts, the only one that a script can compute. */
    static byte[] sha1(byte[] bytes) {
        return digest("SHA-1", bytes);
    }

    static byte[] sha256(byte[] bytes) {
        return digest("SHA-256", bytes);
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
