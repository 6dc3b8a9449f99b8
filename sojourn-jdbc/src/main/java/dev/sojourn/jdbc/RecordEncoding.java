package dev.sojourn.jdbc;

import dev.sojourn.spi.StoredSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Encodes a record as the columns of a row: version, expires_at, subject, payload. */
final class RecordEncoding {
    /** The payload of a row that is not a session's. */
    static final byte[] NO_PAYLOAD = new byte[0];

    private RecordEncoding() {}

    /** Reads the four columns, beginning with the given one. */
    static StoredSession read(ResultSet row, int first) throws SQLException {
        return new StoredSession(
                row.getBytes(first + 3),
                row.getLong(first),
                Instant.ofEpochMilli(row.getLong(first + 1)),
                row.getString(first + 2));
    }
}
