package dev.sojourn.express;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** The SQL statements for connect-pg-simple's table, whose times are in a time zone that the table does not record. */
final class ExpressSql {
    /** Selects the type of the column {@code sess}; no row if the table or the column does not exist. */
    static final String TYPE_OF_SESS = "SELECT format_type(atttypid, NULL) FROM pg_attribute"
            + " WHERE attrelid = to_regclass(?) AND attname = 'sess' AND NOT attisdropped";

    /** The first eight bytes of the SHA-256 of the stored record. */
    private static final String VERSION =
            "('x' || encode(substring(sha256(convert_to(sess::text, 'UTF8')) FROM 1 FOR 8), 'hex'))::bit(64)::bigint";

    /** The quoted table name, with its schema if there is one. */
    final String table;

    final String load;
    final String create;
    final String replace;
    final String touch;
    final String delete;
    final String ddl;

    ExpressSql(@Nullable String schema, String tableName, ZoneId zone) {
        this.table = (schema == null ? "" : quoted(schema) + '.') + quoted(tableName);
        String at = " AT TIME ZONE '" + zone.getId().replace("'", "''") + "'";
        String expire = "(timestamptz 'epoch' + ?::bigint * interval '1 millisecond')" + at;
        this.load = "SELECT sess::text, round(extract(epoch FROM expire" + at + ") * 1000)::bigint FROM " + table
                + " WHERE sid = ?";
        this.create = "INSERT INTO " + table + " (sid, sess, expire) VALUES (?, ?::json, " + expire
                + ") ON CONFLICT (sid) DO NOTHING";
        String expected = " WHERE sid = ? AND " + VERSION + " = ?";
        this.replace = "UPDATE " + table + " SET sess = ?::json, expire = " + expire + expected;
        this.touch = "UPDATE " + table + " SET expire = " + expire + expected;
        this.delete = "DELETE FROM " + table + expected;
        this.ddl = "CREATE TABLE IF NOT EXISTS " + table
                + " (sid varchar NOT NULL COLLATE \"default\", sess json NOT NULL, expire timestamp(6) NOT NULL,"
                + " CONSTRAINT session_pkey PRIMARY KEY (sid));"
                + " CREATE INDEX IF NOT EXISTS \"IDX_session_expire\" ON " + table + " (expire)";
    }

    private static String quoted(String identifier) {
        if (identifier.isEmpty() || identifier.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the name of a table or schema is not empty");
        }
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
