package dev.sojourn.jdbc;

import dev.sojourn.spi.UserIndex;

/** The SQL statements for one dialect and one table. */
final class Sql {
    private static final String COLUMNS = "session_key, version, expires_at, subject, payload";

    final String check;
    final String load;
    final String create;
    final String replace;
    final String retire;
    final String touch;
    final String delete;

    /** The database's clock, in milliseconds since 1970. */
    final String time;

    final String find;
    final String epoch;
    final String advanceEpoch;

    final String claimSweep;
    final String boundary;
    final String boundaryUpTo;
    final String expired;
    final String expiredUpTo;

    Sql(Dialect dialect, TableName name) {
        String table = name.in(dialect);
        String insert = "INSERT INTO " + table + " (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?)";
        String select = "SELECT " + COLUMNS + " FROM " + table;
        check = select + " WHERE 1 = 0";
        load = "SELECT version, expires_at, subject, payload FROM " + table + " WHERE session_key = ?";
        create = insert + dialect.onDuplicateKey();
        replace = "UPDATE " + table
                + " SET version = ?, expires_at = ?, payload = ? WHERE session_key = ? AND version = ?";
        retire = "UPDATE " + table
                + " SET version = ?, expires_at = ?, payload = ?, subject = NULL WHERE session_key = ? AND version = ?";
        touch = "UPDATE " + table + " SET version = ?, expires_at = ? WHERE session_key = ? AND version = ?";
        delete = "DELETE FROM " + table + " WHERE session_key = ? AND version = ?";

        time = "SELECT " + dialect.millis();
        find = "SELECT session_key FROM " + table
                + " WHERE subject = ? AND session_key > ? ORDER BY session_key LIMIT ?";
        epoch = "SELECT version FROM " + table + " WHERE session_key = ?";
        advanceEpoch = advanceEpoch(dialect, table);

        claimSweep = "UPDATE " + table
                + " SET version = ?, expires_at = ? WHERE session_key = ? AND (expires_at <= ? OR expires_at > ?)";
        boundary = "SELECT session_key FROM " + table + " WHERE session_key > ? ORDER BY session_key LIMIT 1 OFFSET ?";
        boundaryUpTo = "SELECT session_key FROM " + table
                + " WHERE session_key > ? AND session_key <= ? ORDER BY session_key LIMIT 1 OFFSET ?";
        expired = select + " WHERE session_key > ? AND expires_at < ? ORDER BY session_key LIMIT ?";
        expiredUpTo =
                select + " WHERE session_key > ? AND session_key <= ? AND expires_at < ? ORDER BY session_key LIMIT ?";
    }

    /**
     * An epoch is kept for as long as the latest of its advances requested, and for at least
     * {@link UserIndex#MIN_EPOCH_LIFETIME} by the database's clock: the advancing node's clock may be behind.
     */
    private static String advanceEpoch(Dialect dialect, String table) {
        String keepUntil = dialect.greatest("?", dialect.millis() + " + " + UserIndex.MIN_EPOCH_LIFETIME.toMillis());
        String insert = "INSERT INTO " + table + " (" + COLUMNS + ") VALUES (?, ?, " + keepUntil + ", ?, ?)";
        return switch (dialect) {
            case POSTGRESQL, SQLITE ->
                insert + " ON CONFLICT (session_key) DO UPDATE SET version = excluded.version, expires_at = "
                        + dialect.greatest(table + ".expires_at", "excluded.expires_at");
            case MARIADB, MYSQL ->
                insert + " ON DUPLICATE KEY UPDATE version = VALUES(version),"
                        + " expires_at = GREATEST(expires_at, VALUES(expires_at))";
            case H2 ->
                "MERGE INTO " + table
                        + " t USING (VALUES (CAST(? AS VARCHAR(255)), CAST(? AS BIGINT), "
                        + keepUntil.replace("?", "CAST(? AS BIGINT)") + ","
                        + " CAST(? AS VARCHAR(256)), CAST(? AS VARBINARY(1)))) n (" + COLUMNS + ")"
                        + " ON t.session_key = n.session_key"
                        + " WHEN MATCHED THEN UPDATE SET version = n.version, expires_at = GREATEST(t.expires_at, n.expires_at)"
                        + " WHEN NOT MATCHED THEN INSERT (" + COLUMNS + ")"
                        + " VALUES (n.session_key, n.version, n.expires_at, n.subject, n.payload)";
        };
    }
}
