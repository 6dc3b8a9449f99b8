package dev.sojourn.jdbc;

import java.time.Instant;

/** Converts times to milliseconds as the table has them. */
final class JdbcTime {
    private JdbcTime() {}

    /** Returns milliseconds since 1970, at the limits of a long for an instant out of its range. */
    static long epochMillis(Instant instant) {
        try {
            return instant.toEpochMilli();
        } catch (ArithmeticException e) {
            return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
