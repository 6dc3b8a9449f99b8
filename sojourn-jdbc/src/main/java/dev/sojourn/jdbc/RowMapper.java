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
 * What stands in a row: a session, or one of the two things that the store keeps for itself under keys that no session
 * has.
 */
final class RowMapper {
    static final byte[] NO_PAYLOAD = new byte[0];

    /** The row that says which node sweeps. */
    static final String SWEEP = "sweep:";

    private static final String EPOCH = "epoch:";
    private static final int LONGEST_KEY = 255;

    private RowMapper() {}

    /** The column's text for a session. */
    static String key(StoreKey key) {
        String text = key.text();
        if (text.length() > LONGEST_KEY || !isSession(text)) {
            throw new IllegalArgumentException("a key in a database has at most " + LONGEST_KEY
                    + " characters and begins neither with \"" + EPOCH + "\" nor with \"" + SWEEP + "\"");
        }
        return text;
    }

    static boolean isSession(String key) {
        return !isEpoch(key) && !key.startsWith(SWEEP);
    }

    static boolean isEpoch(String key) {
        return key.startsWith(EPOCH);
    }

    /** The key of a subject's epoch: a digest, because a key is shorter than a subject may be. */
    static String epochKey(String subject) {
        byte[] digest = sha256().digest(subject.getBytes(StandardCharsets.UTF_8));
        return EPOCH + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Reads the columns version, expires_at, subject, payload from the given one on. */
    static StoredSession session(ResultSet row, int first) throws SQLException {
        return new StoredSession(
                row.getBytes(first + 3),
                row.getLong(first),
                Instant.ofEpochMilli(row.getLong(first + 1)),
                row.getString(first + 2));
    }

    /** Milliseconds since 1970; what lies beyond is as far as they reach. */
    static long millis(Instant instant) {
        try {
            return instant.toEpochMilli();
        } catch (ArithmeticException e) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
