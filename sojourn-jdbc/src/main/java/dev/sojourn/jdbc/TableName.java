package dev.sojourn.jdbc;

import java.util.regex.Pattern;

/**
 * The table's name, perhaps with its schema. It goes into SQL, so it is checked here, once. A part in double quotes keeps
 * its case, as in standard SQL; any other part is folded as the database does.
 *
 * @param text the whole name
 */
record TableName(String text) {
    /** Quoted, a name may also hold spaces, dots, hyphens and dollar signs; it can never end its quotes. */
    private static final String SCHEMA = "(?:[A-Za-z_][A-Za-z0-9_]{0,62}|\"[A-Za-z0-9_ .$-]{1,63}\")";

    private static final String TABLE = "(?:[A-Za-z_][A-Za-z0-9_]{0,54}|\"[A-Za-z0-9_ .$-]{1,55}\")";
    private static final Pattern VALID = Pattern.compile("(?:(?<schema>" + SCHEMA + ")\\.)?(?<table>" + TABLE + ")");

    static final TableName DEFAULT = new TableName("sojourn_session");

    TableName {
        if (!VALID.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a table's name is letters, digits and _, at most 55 of them, perhaps after a schema and a dot;"
                            + " a name whose case matters stands in double quotes: \"Web\".sojourn_session");
        }
    }

    boolean hasSchema() {
        return !simple().equals(text);
    }

    /** The whole name as a dialect spells it. */
    String in(Dialect dialect) {
        return spelled(text, dialect);
    }

    /** The name of the table's index, without a schema: an index goes where its table is. */
    String indexIn(Dialect dialect) {
        String simple = simple();
        String index =
                simple.endsWith("\"") ? simple.substring(0, simple.length() - 1) + "_subject\"" : simple + "_subject";
        return spelled(index, dialect);
    }

    private String simple() {
        return VALID.matcher(text).replaceFirst("${table}");
    }

    private static String spelled(String name, Dialect dialect) {
        return dialect.mySqlFamily() ? name.replace('"', '`') : name;
    }
}
