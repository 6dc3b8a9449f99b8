package dev.sojourn.jdbc;

import java.sql.SQLException;
import java.util.Set;

/**
 * Classifies the failures of JDBC calls by the effect that the failed statement may have had. A statement in auto-commit is
 * its own transaction: what the server itself reports as an error was rolled back. Every failure that is not known to be such
 * a report is {@link ValueGenerator#UNKNOWN}. A mistake in that direction costs the engine one load; in the other direction it could
 * double a write.
 */
final class JdbcErrors {
    /** What a failure means for the statement. */
    enum Kind {
        /** It certainly had no effect and may succeed a moment later. */
        TRANSIENT,
        /** It certainly had no effect and would not succeed a moment later. */
        REFUSED,
        /** It may have had its effect, or may still have it. */
        UNKNOWN
    }

    /**
     * 40: serialization failure, deadlock. 53: disk full, out of memory, too many connections. 25006: a standby. 55P03:
     * a lock. 57014: cancelled. 57P03: starting up. 26000, 0A000: a prepared statement that the server no longer has.
     */
    private static final Set<String> POSTGRESQL_TRANSIENT =
            Set.of("25006", "55P03", "55006", "57014", "57P03", "26000", "0A000");

    /** Shut down, crashed, closed: may be reported after the commit. 40003 is "statement completion unknown". */
    private static final Set<String> POSTGRESQL_UNKNOWN = Set.of("57P01", "57P02", "57P05", "40003");

    /**
     * 1205 lock wait, 1213 deadlock, 1020 changed since last read, 1040 and 1203 too many connections, 1021 and 1114
     * full, 1041 out of memory, 1047 a Galera node that is not ready, 1290, 1792 and 1836 read-only, 1317 interrupted,
     * 1969 and 3024 timed out.
     */
    private static final Set<Integer> MYSQL_TRANSIENT =
            Set.of(1205, 1213, 1020, 1040, 1203, 1021, 1114, 1041, 1047, 1290, 1792, 1836, 1317, 1969, 3024);

    /** 50200 lock timeout, 90131 concurrent update, 40001 deadlock, 57014 cancelled. */
    private static final Set<Integer> H2_TRANSIENT = Set.of(50200, 90131, 40001, 57014);

    private JdbcErrors() {}

    /** Classifies the failure of a statement that was sent, or may have been. */
    static Kind kindOfStatement(SQLException failure, Dialect dialect) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        int code = failure.getErrorCode();
        return switch (dialect) {
            case POSTGRESQL -> kindOfPostgresql(state);
            case MARIADB, MYSQL -> MYSQL_TRANSIENT.contains(code) ? Kind.TRANSIENT : refusedIfStandard(state);
            case H2 -> H2_TRANSIENT.contains(code) ? Kind.TRANSIENT : refusedIfStandard(state);
            case SQLITE -> kindOfSqlite(code);
        };
    }

    /** Classifies a failure to borrow a connection: nothing was sent, and only a wrong name or password is permanent. */
    static Kind kindOfNoConnection(SQLException failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql && isState(sql, "28", "3D")) {
                return Kind.REFUSED;
            }
        }
        return Kind.TRANSIENT;
    }

    /** Classifies a failure at start-up, where every statement may run again: all failures but permanent ones are transient. */
    static Kind kindAtStartup(SQLException failure) {
        boolean createdByOtherNode = isState(failure, "42P07", "42710", "42S01");
        return isState(failure, "28", "3D", "42") && !createdByOtherNode ? Kind.REFUSED : Kind.TRANSIENT;
    }

    private static Kind kindOfPostgresql(String state) {
        if (POSTGRESQL_UNKNOWN.contains(state)) {
            return Kind.UNKNOWN;
        }
        boolean isTransient = POSTGRESQL_TRANSIENT.contains(state) || state.startsWith("40") || state.startsWith("53");
        return isTransient ? Kind.TRANSIENT : refusedIfStandard(state);
    }

    /** Returns REFUSED for standard SQL's classes for wrong data, constraints, missing rights and missing tables. */
    private static Kind refusedIfStandard(String state) {
        boolean refused = state.startsWith("21")
                || state.startsWith("22")
                || state.startsWith("23")
                || state.startsWith("28")
                || state.startsWith("3D")
                || state.startsWith("3F")
                || state.startsWith("42");
        return refused ? Kind.REFUSED : Kind.UNKNOWN;
    }

    /** Classifies SQLite's primary result codes. A file that cannot be read or written during the statement is unknown. */
    private static Kind kindOfSqlite(int code) {
        return switch (code & 0xff) {
            case 5, 6, 8, 9, 13, 14, 15, 17 ->
                Kind.TRANSIENT; // busy, locked, read-only, interrupt, full, can't open, protocol, schema
            case 1, 3, 18, 19, 20, 23 ->
                Kind.REFUSED; // no such table …, permission, too big, constraint, mismatch, authorization
            default -> Kind.UNKNOWN;
        };
    }

    /** Whether the error's message may quote stored data. */
    static boolean mayQuoteData(SQLException failure) {
        return isState(failure, "22", "23");
    }

    private static boolean isState(SQLException failure, String... classes) {
        String state = failure.getSQLState();
        if (state != null) {
            for (String each : classes) {
                if (state.startsWith(each)) {
                    return true;
                }
            }
        }
        return false;
    }
}
