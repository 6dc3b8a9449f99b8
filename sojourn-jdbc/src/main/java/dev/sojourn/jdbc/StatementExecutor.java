package dev.sojourn.jdbc;

import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Executes statements, each on a connection borrowed for it alone, and retries them while that is safe. Every failure becomes
 * a {@link StoreException} that reports whether the statement may have had an effect.
 *
 * <p>A statement that certainly had no effect is retried with growing pauses until the deadline, then reported as not done. A
 * write that may have had its effect is not retried. A read has no effect, so it is always retried, and its failure is always
 * reported as not done.
 *
 * <p><b>Deadlines.</b> Everything runs on the caller's thread, so only what the driver can limit is limited: the wait for the
 * server, by the connection's network timeout. Statement timeouts are deliberately not used: PostgreSQL ends the wait for a
 * synchronous standby when a statement is cancelled and reports <em>success</em>, which would acknowledge a write that a
 * failover loses.
 */
final class StatementExecutor {
    private static final String POOL_TOO_SLOW = "the pool returned a connection after the timeout";

    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(4);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** The least network timeout, even if a pool used up the deadline: a late reply is better than an unknown outcome. */
    private static final int MIN_NETWORK_TIMEOUT_MILLIS = 250;

    private final DataSource dataSource;
    private final Duration timeout;
    private final @Nullable Dialect dialect;

    /** Creates an executor; without a dialect for a database that {@link SchemaSetup} has yet to identify. */
    StatementExecutor(DataSource dataSource, Duration timeout, @Nullable Dialect dialect) {
        this.dataSource = dataSource;
        this.timeout = timeout;
        this.dialect = dialect;
    }

    /** One statement on a borrowed connection. */
    @FunctionalInterface
    interface Work<T> {
        T execute(Connection connection) throws SQLException;
    }

    /** The effect of running a statement again. */
    private enum Repetition {
        /** It changes nothing, like the first time. */
        READ,
        /** If the first time had its effect, the second has another one. */
        UNSAFE,
        /** It has the same effect as once. */
        IDEMPOTENT
    }

    /** What the attempts of a call may have done so far. */
    private enum Effect {
        NONE,
        POSSIBLE;

        StoreException toStoreException(String message, @Nullable Throwable cause) {
            return this == NONE ? StoreException.notDone(message, cause) : StoreException.unknown(message, cause);
        }
    }

    /** Returns the deadline of a call that begins now. */
    Deadline deadline() {
        return Deadline.after(timeout);
    }

    /** Executes a statement that changes nothing. Failures are always "not done". */
    <T> T read(Deadline deadline, Work<T> work) {
        return run(deadline, Repetition.READ, work);
    }

    /** Executes a statement that changes something. */
    <T> T write(Deadline deadline, Work<T> work) {
        return run(deadline, Repetition.UNSAFE, work);
    }

    /** Executes a statement that changes something and may run twice. */
    <T> T writeIdempotent(Deadline deadline, Work<T> work) {
        return run(deadline, Repetition.IDEMPOTENT, work);
    }

    private <T> T run(Deadline deadline, Repetition repetition, Work<T> work) {
        Effect effect = Effect.NONE;
        Failure reported = null;
        for (long pause = FIRST_PAUSE_NANOS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS)) {
            throwIfInterrupted(effect);
            long started = System.nanoTime();
            Failure failure;
            try {
                return attempt(deadline, repetition, work);
            } catch (Failure e) {
                failure = e;
            }
            // The cause of the delay is more useful than the delay itself.
            reported = reported != null && failure.what.equals(POOL_TOO_SLOW) ? reported : failure;
            if (failure.kind == JdbcErrors.Kind.UNKNOWN && repetition != Repetition.READ) {
                effect = Effect.POSSIBLE;
            }
            boolean retry = failure.kind == JdbcErrors.Kind.TRANSIENT
                    || (failure.kind == JdbcErrors.Kind.UNKNOWN && repetition != Repetition.UNSAFE);
            // A pool or a lock that took a second to fail would take another one: the deadline covers all attempts.
            long needed = System.nanoTime() - started;
            if (!retry || deadline.nanosLeft() <= needed) {
                throw reported.toStoreException(effect, timeout);
            }
            sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause), effect);
        }
    }

    private <T> T attempt(Deadline deadline, Repetition repetition, Work<T> work) throws Failure {
        Connection connection = borrow();
        try {
            if (deadline.hasPassed()) {
                throw new Failure(JdbcErrors.Kind.REFUSED, POOL_TOO_SLOW, null);
            }
            int networkTimeout = limitNetworkTimeout(connection, deadline);
            try {
                return work.execute(connection);
            } finally {
                restoreNetworkTimeout(connection, networkTimeout);
            }
        } catch (SQLException e) {
            throw new Failure(kindOf(e, repetition), "the database reported " + codes(e), e);
        } catch (RuntimeException e) {
            throw new Failure(JdbcErrors.Kind.UNKNOWN, "the driver failed", e);
        } finally {
            close(connection);
        }
    }

    private JdbcErrors.Kind kindOf(SQLException e, Repetition repetition) {
        if (dialect == null) {
            return JdbcErrors.kindAtStartup(e);
        }
        // H2's MERGE does not lock a missing row: of two that insert it, one gets a duplicate key.
        boolean lostRace = repetition == Repetition.IDEMPOTENT && dialect.isDuplicateKey(e);
        return lostRace ? JdbcErrors.Kind.TRANSIENT : JdbcErrors.kindOfStatement(e, dialect);
    }

    // ---- connections

    private Connection borrow() throws Failure {
        Connection connection;
        try {
            connection = dataSource.getConnection();
        } catch (SQLException e) {
            throw new Failure(JdbcErrors.kindOfNoConnection(e), "no connection is available, " + codes(e), e);
        } catch (RuntimeException e) {
            throw new Failure(JdbcErrors.Kind.TRANSIENT, "no connection is available", e);
        }
        try {
            // Costs no round trip. In the caller's transaction the write would be reported as done and might then be
            // rolled back, a sign-out for example.
            if (dialect == null || connection.getAutoCommit()) {
                return connection;
            }
        } catch (SQLException e) {
            close(connection);
            throw new Failure(JdbcErrors.Kind.TRANSIENT, "the pool returned a broken connection, " + codes(e), e);
        } catch (RuntimeException e) {
            close(connection);
            throw new Failure(JdbcErrors.Kind.TRANSIENT, "the pool returned a broken connection", e);
        }
        close(connection);
        throw new Failure(
                JdbcErrors.Kind.REFUSED,
                "the connection is not in auto-commit: the DataSource takes part in a transaction; give the store a pool of its own",
                null);
    }

    private static String codes(SQLException e) {
        return "SQLSTATE " + e.getSQLState() + ", code " + e.getErrorCode();
    }

    /** Limits the driver's wait for the server. Returns the limit before, or -1 if the driver has none. */
    private int limitNetworkTimeout(Connection connection, Deadline deadline) throws Failure {
        if (dialect != null && !dialect.hasNetworkTimeout()) {
            return -1;
        }
        try {
            int before = connection.getNetworkTimeout();
            long left = TimeUnit.NANOSECONDS.toMillis(deadline.nanosLeft());
            connection.setNetworkTimeout(Runnable::run, (int) Math.max(MIN_NETWORK_TIMEOUT_MILLIS, left));
            return before;
        } catch (SQLFeatureNotSupportedException e) {
            return -1;
        } catch (SQLException e) {
            if (dialect == null) {
                return -1;
            }
            throw new Failure(JdbcErrors.Kind.TRANSIENT, "the pool returned a broken connection, " + codes(e), e);
        }
    }

    private static void restoreNetworkTimeout(Connection connection, int before) {
        try {
            if (before >= 0 && !connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, before);
            }
        } catch (SQLException | RuntimeException e) {
            // The connection is broken, which its pool will find out. The statement's outcome is already known.
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            // As above.
        }
    }

    // ---- interrupts and failures

    private static void throwIfInterrupted(Effect effect) {
        if (Thread.currentThread().isInterrupted()) {
            throw effect.toStoreException("the thread was interrupted", null);
        }
    }

    private static void sleep(long nanos, Effect effect) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw effect.toStoreException("the thread was interrupted", e);
        }
    }

    /** Thrown when one attempt failed. */
    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        private final JdbcErrors.Kind kind;
        private final String what;

        Failure(JdbcErrors.Kind kind, String what, @Nullable Exception cause) {
            super(what, cause, false, false);
            this.kind = kind;
            this.what = what;
        }

        /** A driver's exception that may quote a key or a payload is dropped. */
        StoreException toStoreException(Effect effect, Duration timeout) {
            Throwable cause = getCause() instanceof SQLException e && JdbcErrors.mayQuoteData(e) ? null : getCause();
            String when = kind == JdbcErrors.Kind.REFUSED ? "" : " (timeout " + timeout.toMillis() + " ms)";
            return effect.toStoreException(what + when, cause);
        }
    }
}
