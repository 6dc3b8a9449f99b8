package dev.sojourn.jdbc;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The databases that {@link JdbcStore} supports. Detected automatically unless {@link JdbcStore.Builder#dialect} sets one. */
public enum Dialect {
    /** PostgreSQL 12 or newer. */
    POSTGRESQL,
    /** MariaDB 10.5 or newer, with InnoDB. */
    MARIADB,
    /** MySQL 8.0.17 or newer, with InnoDB. */
    MYSQL,
    /** SQLite 3.24 or newer: one file, one host. */
    SQLITE,
    /** H2 2.2 or newer. */
    H2;

    /** Detects the database. MySQL's driver reports MariaDB as "MySQL", with "MariaDB" in the version. */
    static Optional<Dialect> of(DatabaseMetaData database) throws SQLException {
        String product = (database.getDatabaseProductName() + " " + database.getDatabaseProductVersion())
                .toLowerCase(Locale.ROOT);
        if (product.contains("mariadb")) {
            return Optional.of(MARIADB);
        }
        return Arrays.stream(values())
                .filter(each -> product.startsWith(each.lowerCase()))
                .findFirst();
    }

    /** Returns the name of the DDL file among this package's resources. */
    String ddlFile() {
        return lowerCase() + ".sql";
    }

    private String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this is MariaDB or MySQL. */
    boolean isMySqlFamily() {
        return this == MARIADB || this == MYSQL;
    }

    /** Whether the drivers of this database can limit the wait for the server. SQLite and H2 have no network to wait for. */
    boolean hasNetworkTimeout() {
        return this == POSTGRESQL || isMySqlFamily();
    }

    /** Returns an expression for the database's current time in milliseconds since 1970, not the transaction's start. */
    String millis() {
        return switch (this) {
            case POSTGRESQL -> "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)";
            case MARIADB, MYSQL -> "CAST(UNIX_TIMESTAMP() * 1000 AS SIGNED)";
            case SQLITE -> "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
            case H2 -> "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP(3)) * 1000 AS BIGINT)";
        };
    }

    /** Returns an expression for the greater of two numbers. */
    String greatest(String one, String other) {
        return (this == SQLITE ? "MAX(" : "GREATEST(") + one + ", " + other + ")";
    }

    /**
     * Returns the clause that makes an INSERT of an existing key do nothing; empty where it fails with a duplicate key. INSERT
     * IGNORE of MariaDB and MySQL would also hide other errors, such as a payload that is too long.
     */
    String onDuplicateKey() {
        return this == POSTGRESQL || this == SQLITE ? " ON CONFLICT (session_key) DO NOTHING" : "";
    }

    /** Whether the statement failed only because the key exists. */
    boolean isDuplicateKey(SQLException e) {
        return switch (this) {
            case POSTGRESQL, H2 -> "23505".equals(e.getSQLState());
            case MARIADB, MYSQL -> e.getErrorCode() == 1062;
            case SQLITE -> false; // ON CONFLICT DO NOTHING reports none
        };
    }

    /** Whether the statement failed because the table does not exist. */
    boolean isMissingTable(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return switch (this) {
            case POSTGRESQL -> state.equals("42P01") || state.equals("3F000");
            case MARIADB, MYSQL -> state.equals("42S02");
            case H2 -> state.equals("42S02") || state.equals("42S03") || state.equals("42S04") || state.equals("90079");
            case SQLITE -> String.valueOf(e.getMessage()).contains("no such table");
        };
    }
}
