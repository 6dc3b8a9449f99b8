package dev.sojourn.jdbc;

import java.util.regex.Pattern;

/**
 * A table name, optionally with a schema. It becomes part of SQL statements, so it is validated here, once. A part in double
 * quotes keeps its case, as in standard SQL. The database folds the case of any other part.
 *
 * @param text the whole name
 */
record TableName(String text) {
    /** A quoted name may also contain spaces, dots, hyphens and dollar signs. It cannot contain a quote. */
    private static final String SCHEMA = "(?:[A-Za-z_][A-Za-z0-9_]{0,62}|\"[A-Za-z0-9_ .$-]{1,63}\")";

    private static final String TABLE = "(?:[A-Za-z_][A-Za-z0-9_]{0,54}|\"[A-Za-z0-9_ .$-]{1,55}\")";
    private static final Pattern VALID = Pattern.compile("(?:(?<schema>" + SCHEMA + ")\\.)?(?<table>" + TABLE + ")");

    static final TableName DEFAULT = new TableName("sojourn_session");

    TableName {
        if (!VALID.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a table's name is letters, digits and _, at most 55 of them, optionally after a schema and a dot;"
                            + " put a name whose case matters in double quotes: \"Web\".sojourn_session");
        }
    }

    boolean hasSchema() {
        return !simple().equals(text);
    }

    /** Returns the whole name as a dialect quotes it. */
    String in(Dialect dialect) {
        return quote(text, dialect);
    }

    /** Returns the name of the table's index, without a schema: an index is in the schema of its table. */
    String indexIn(Dialect dialect) {
        String simple = simple();
        String index =
                simple.endsWith("\"") ? simple.substring(0, simple.length() - 1) + "_subject\"" : simple + "_subject";
        return quote(index, dialect);
    }

    private String simple() {
        return VALID.matcher(text).replaceFirst("${table}");
    }

    private static String quote(String name, Dialect dialect) {
        return dialect.isMySqlFamily() ? name.replace('"', '`') : name;
    }
}
