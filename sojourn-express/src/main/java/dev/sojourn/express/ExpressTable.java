package dev.sojourn.express;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** The statements over connect-pg-simple's table, whose times are of a zone that only its users know. */
final class ExpressTable {
    /** Empty where there is no such table, or no such column in it. */
    static final String TYPE_OF_SESS = "SELECT format_type(atttypid, NULL) FROM pg_attribute"
            + " WHERE attrelid = to_regclass(?) AND attname = 'sess' AND NOT attisdropped";

    /** The first eight bytes of the SHA-256 of what stands there. */
    private static final String VERSION =
            "('x' || encode(substring(sha256(convert_to(sess::text, 'UTF8')) FROM 1 FOR 8), 'hex'))::bit(64)::bigint";

    final String name;
    final String load;
    final String create;
    final String replace;
    final String touch;
    final String delete;
    final String ddl;

    ExpressTable(@Nullable String schema, String table, ZoneId zone) {
        this.name = (schema == null ? "" : quoted(schema) + '.') + quoted(table);
        String at = " AT TIME ZONE '" + zone.getId().replace("'", "''") + "'";
        String expire = "(timestamptz 'epoch' + ?::bigint * interval '1 millisecond')" + at;
        this.load = "SELECT sess::text, round(extract(epoch FROM expire" + at + ") * 1000)::bigint FROM " + name
                + " WHERE sid = ?";
        this.create = "INSERT INTO " + name + " (sid, sess, expire) VALUES (?, ?::json, " + expire
                + ") ON CONFLICT (sid) DO NOTHING";
        String expected = " WHERE sid = ? AND " + VERSION + " = ?";
        this.replace = "UPDATE " + name + " SET sess = ?::json, expire = " + expire + expected;
        this.touch = "UPDATE " + name + " SET expire = " + expire + expected;
        this.delete = "DELETE FROM " + name + expected;
        this.ddl = "CREATE TABLE IF NOT EXISTS " + name
                + " (sid varchar NOT NULL COLLATE \"default\", sess json NOT NULL, expire timestamp(6) NOT NULL,"
                + " CONSTRAINT session_pkey PRIMARY KEY (sid));"
                + " CREATE INDEX IF NOT EXISTS \"IDX_session_expire\" ON " + name + " (expire)";
    }

    private static String quoted(String identifier) {
        if (identifier.isEmpty() || identifier.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a table's or schema's name is not empty");
        }
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
