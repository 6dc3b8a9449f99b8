package dev.sojourn.jdbc;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;

/**
 * Encodes a record as a row. Two kinds of rows are the store's own, under keys that no session has: epochs and the claim of
 * the sweep.
 */
final class RecordEncoding {
    static final byte[] NO_PAYLOAD = new byte[0];

    /** The key of the row that holds the claim of the sweeping node. */
    static final String SWEEP_CLAIM = "sweep:";

    private static final String EPOCH_PREFIX = "epoch:";
    private static final int LONGEST_KEY = 255;

    private RecordEncoding() {}

    /** Returns the key column of a session. */
    static String key(StoreKey key) {
        String text = key.text();
        if (text.length() > LONGEST_KEY || !isSession(text)) {
            throw new IllegalArgumentException("a key in a database has at most " + LONGEST_KEY
                    + " characters and begins neither with \"" + EPOCH_PREFIX + "\" nor with \"" + SWEEP_CLAIM + "\"");
        }
        return text;
    }

    static boolean isSession(String key) {
        return !isEpoch(key) && !key.startsWith(SWEEP_CLAIM);
    }

    static boolean isEpoch(String key) {
        return key.startsWith(EPOCH_PREFIX);
    }

    /** Returns the key of a subject's epoch: a digest, because a subject may be longer than the column. */
    static String epochKey(String subject) {
        byte[] digest = sha256().digest(subject.getBytes(StandardCharsets.UTF_8));
        return EPOCH_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Reads the columns version, expires_at, subject, payload, beginning with the given one. */
    static StoredSession read(ResultSet row, int first) throws SQLException {
        return new StoredSession(
                row.getBytes(first + 3),
                row.getLong(first),
                Instant.ofEpochMilli(row.getLong(first + 1)),
                row.getString(first + 2));
    }

    /** Returns milliseconds since 1970, at the limits of a long for an instant out of its range. */
    static long millis(Instant instant) {
        try {
            return instant.toEpochMilli();
        } catch (ArithmeticException e) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
