package dev.sojourn.jdbc;

import java.sql.SQLException;
import java.util.Set;

/**
 * What a failed statement tells of its effect. A statement in auto-commit is its own transaction: whatever the server
 * itself reports as an error was rolled back with it. Everything that is not known to be such a report is
 * {@link #UNKNOWN}: to be wrong in that direction costs the engine one load, in the other it could double a write.
 */
enum FailureVerdict {
    /** It certainly had no effect and may succeed a moment later. */
    REPEAT,
    /** It certainly had no effect and would not have one a moment later. */
    REFUSED,
    /** It may have had its effect, or have it yet. */
    UNKNOWN;

    /**
     * 40: serialization failure, deadlock. 53: disk full, out of memory, too many connections. 25006: a standby. 55P03:
     * a lock. 57014: cancelled. 57P03: starting up. 26000, 0A000: a prepared statement that the server has forgotten.
     */
    private static final Set<String> POSTGRESQL_REPEAT =
            Set.of("25006", "55P03", "55006", "57014", "57P03", "26000", "0A000");

    /** Shut down, crashed, closed: told at a moment that may come after the commit. 40003 says it itself. */
    private static final Set<String> POSTGRESQL_UNKNOWN = Set.of("57P01", "57P02", "57P05", "40003");

    /**
     * 1205 lock wait, 1213 deadlock, 1020 changed since last read, 1040 and 1203 too many connections, 1021 and 1114
     * full, 1041 out of memory, 1047 a Galera node that is not ready, 1290, 1792 and 1836 read-only, 1317 interrupted,
     * 1969 and 3024 timed out.
     */
    private static final Set<Integer> MYSQL_REPEAT =
            Set.of(1205, 1213, 1020, 1040, 1203, 1021, 1114, 1041, 1047, 1290, 1792, 1836, 1317, 1969, 3024);

    /** 50200 lock timeout, 90131 concurrent update, 40001 deadlock, 57014 cancelled. */
    private static final Set<Integer> H2_REPEAT = Set.of(50200, 90131, 40001, 57014);

    /** Of a statement that failed after it was sent, or might have been. */
    static FailureVerdict of(SQLException failure, Dialect dialect) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        int code = failure.getErrorCode();
        return switch (dialect) {
            case POSTGRESQL -> ofPostgresql(state);
            case MARIADB, MYSQL -> MYSQL_REPEAT.contains(code) ? REPEAT : refusedIfStandard(state);
            case H2 -> H2_REPEAT.contains(code) ? REPEAT : refusedIfStandard(state);
            case SQLITE -> ofSqlite(code);
        };
    }

    /** Of a connection that could not be borrowed: nothing was sent, only a wrong name or password will stay wrong. */
    static FailureVerdict ofNoConnection(SQLException failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql && isState(sql, "28", "3D")) {
                return REFUSED;
            }
        }
        return REPEAT;
    }

    /** At start-up, where everything may be done again: only what stays wrong is not. */
    static FailureVerdict ofOpening(SQLException failure) {
        boolean otherNodeWasFirst = isState(failure, "42P07", "42710", "42S01");
        return isState(failure, "28", "3D", "42") && !otherNodeWasFirst ? REFUSED : REPEAT;
    }

    private static FailureVerdict ofPostgresql(String state) {
        if (POSTGRESQL_UNKNOWN.contains(state)) {
            return UNKNOWN;
        }
        boolean passes = POSTGRESQL_REPEAT.contains(state) || state.startsWith("40") || state.startsWith("53");
        return passes ? REPEAT : refusedIfStandard(state);
    }

    /** Wrong data, a constraint, no right to do it, no such table: standard SQL's classes for them. */
    private static FailureVerdict refusedIfStandard(String state) {
        boolean refused = state.startsWith("21")
                || state.startsWith("22")
                || state.startsWith("23")
                || state.startsWith("28")
                || state.startsWith("3D")
                || state.startsWith("3F")
                || state.startsWith("42");
        return refused ? REFUSED : UNKNOWN;
    }

    /** SQLite's primary result codes. A file that cannot be read or written in the middle of it is unknown. */
    private static FailureVerdict ofSqlite(int code) {
        return switch (code & 0xff) {
            case 5, 6, 8, 9, 13, 14, 15, 17 ->
                REPEAT; // busy, locked, read-only, interrupt, full, can't open, protocol, schema
            case 1, 3, 18, 19, 20, 23 ->
                REFUSED; // no such table …, permission, too big, constraint, mismatch, authorization
            default -> UNKNOWN;
        };
    }

    /** Whether the error's own words may quote what was stored. */
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
