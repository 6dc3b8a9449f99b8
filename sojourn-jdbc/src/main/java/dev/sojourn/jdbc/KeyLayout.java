package dev.sojourn.jdbc;

import dev.sojourn.spi.StoreKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Names the rows. A session's row has the store key's text. Two kinds of rows are the store's own, under keys that no session
 * has: epochs and the claim of the sweep. The names must never change: under another name no stored row would be found.
 */
final class KeyLayout {
    /** The key of the row that holds the claim of the sweeping node. */
    static final String SWEEP_CLAIM = "sweep:";

    private static final String EPOCH_PREFIX = "epoch:";
    private static final int LONGEST_KEY = 255;

    private KeyLayout() {}

    /** Returns the key of a session's row. */
    static String record(StoreKey key) {
        String text = key.text();
        if (text.length() > LONGEST_KEY || !isSession(text)) {
            throw new IllegalArgumentException("a key in a database has at most " + LONGEST_KEY
                    + " characters and begins neither with \"" + EPOCH_PREFIX + "\" nor with \"" + SWEEP_CLAIM + "\"");
        }
        return text;
    }

    /** Returns the key of a subject's epoch: a digest, because a subject may be longer than the column. */
    static String epoch(String subject) {
        byte[] digest = sha256(subject.getBytes(StandardCharsets.UTF_8));
        return EPOCH_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    static boolean isSession(String key) {
        return !isEpoch(key) && !key.startsWith(SWEEP_CLAIM);
    }

    static boolean isEpoch(String key) {
        return key.startsWith(EPOCH_PREFIX);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
