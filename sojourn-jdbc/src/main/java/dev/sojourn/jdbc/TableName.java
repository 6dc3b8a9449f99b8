package dev.sojourn.jdbc;

import java.util.regex.Pattern;

/**
 * The table's name, perhaps with its schema. It goes into SQL as it is, so it is checked here, once.
 *
 * @param text the whole name
 */
record TableName(String text) {
    private static final Pattern VALID =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_]{0,54}");

    static final TableName DEFAULT = new TableName("sojourn_session");

    TableName {
        if (!VALID.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a table's name is letters, digits and _, at most 55 of them, perhaps after a schema and a dot");
        }
    }

    boolean hasSchema() {
        return text.indexOf('.') >= 0;
    }

    /** The name without its schema: an index goes where its table is. */
    String simple() {
        return text.substring(text.indexOf('.') + 1);
    }
}
