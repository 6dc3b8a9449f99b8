package dev.sojourn.jdbc;

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
 * Borrows a connection for one statement, and does it again while that is safe.
 *
 * <p>What certainly had no effect is repeated with growing pauses until the deadline, and is then told as not done. Of a
 * write that may have had its effect nothing is repeated. A read has none, so it is always repeated, and always told as
 * not done.
 *
 * <p><b>Deadlines.</b> Nothing here runs beside the caller's thread, so only what the driver itself can bound is bounded: the
 * wait for the server, by the connection's network timeout. Statement timeouts are left alone on purpose: PostgreSQL ends
 * the wait for a synchronous standby when a statement is cancelled and reports <em>success</em>, which would acknowledge a write
 * that a failover loses.
 */
final class Database {
    private static final String TOO_LATE = "the pool gave its connection too late";

    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(4);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(250);
    /** A server is given this much even if a pool used up the deadline: an answer within it is worth more than a doubt. */
    private static final int SHORTEST_WAIT_MILLIS = 250;

    private final DataSource dataSource;
    private final Duration patience;
    private final @Nullable Dialect dialect;

    /** Without a dialect: a database that {@link SchemaCheck} has yet to look at. */
    Database(DataSource dataSource, Duration patience, @Nullable Dialect dialect) {
        this.dataSource = dataSource;
        this.patience = patience;
        this.dialect = dialect;
    }

    /** What is done with a connection: one statement. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** What a repetition would do. */
    private enum Effect {
        /** Nothing. */
        NONE,
        /** Something else than the first time, if that was done. */
        ONCE,
        /** No harm. */
        AGAIN
    }

    Deadline deadline() {
        return Deadline.in(patience);
    }

    <T> T read(Deadline deadline, Work<T> work) {
        return run(deadline, Effect.NONE, work);
    }

    <T> T write(Deadline deadline, Work<T> work) {
        return run(deadline, Effect.ONCE, work);
    }

    /** For a write that may be done twice. */
    <T> T writeAgain(Deadline deadline, Work<T> work) {
        return run(deadline, Effect.AGAIN, work);
    }

    private <T> T run(Deadline deadline, Effect effect, Work<T> work) {
        boolean doubt = false;
        Failure told = null;
        for (long pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
            refuseIfInterrupted(doubt);
            long started = System.nanoTime();
            Failure failure;
            try {
                return once(deadline, effect, work);
            } catch (Failure e) {
                failure = e;
            }
            // Why it took so long says more than that it did.
            told = told != null && failure.what.equals(TOO_LATE) ? told : failure;
            doubt |= failure.verdict == FailureVerdict.UNKNOWN && effect != Effect.NONE;
            boolean again = failure.verdict == FailureVerdict.REPEAT
                    || (failure.verdict == FailureVerdict.UNKNOWN && effect != Effect.ONCE);
            // A pool or a lock that took a second to fail would take another one: the deadline is for the whole.
            long needed = System.nanoTime() - started;
            if (!again || deadline.nanosLeft() <= needed) {
                throw told.asStoreException(doubt, deadline);
            }
            sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause), doubt);
        }
    }

    private <T> T once(Deadline deadline, Effect effect, Work<T> work) throws Failure {
        Connection connection = borrow();
        try {
            if (deadline.isOver()) {
                throw new Failure(FailureVerdict.REFUSED, TOO_LATE, null);
            }
            int before = bound(connection, deadline);
            try {
                return work.on(connection);
            } finally {
                unbound(connection, before);
            }
        } catch (SQLException e) {
            throw new Failure(verdict(e, effect), "the database answered " + codes(e), e);
        } catch (RuntimeException e) {
            throw new Failure(FailureVerdict.UNKNOWN, "the driver failed", e);
        } finally {
            giveBack(connection);
        }
    }

    private FailureVerdict verdict(SQLException e, Effect effect) {
        if (dialect == null) {
            return FailureVerdict.ofOpening(e);
        }
        // H2's MERGE does not lock a row that is not there: of two that would insert it, one meets the other's.
        boolean lostRace = effect == Effect.AGAIN && dialect.isDuplicateKey(e);
        return lostRace ? FailureVerdict.REPEAT : FailureVerdict.of(e, dialect);
    }

    private Connection borrow() throws Failure {
        Connection connection;
        try {
            connection = dataSource.getConnection();
        } catch (SQLException e) {
            throw new Failure(FailureVerdict.ofNoConnection(e), "there is no connection to be had, " + codes(e), e);
        } catch (RuntimeException e) {
            throw new Failure(FailureVerdict.REPEAT, "there is no connection to be had", e);
        }
        try {
            // Read from the driver's memory. In somebody's transaction the write would be told as done and might then
            // be
            // rolled back, and a sign-out with it.
            if (dialect == null || connection.getAutoCommit()) {
                return connection;
            }
        } catch (SQLException e) {
            giveBack(connection);
            throw new Failure(FailureVerdict.REPEAT, "the pool gave a broken connection, " + codes(e), e);
        } catch (RuntimeException e) {
            giveBack(connection);
            throw new Failure(FailureVerdict.REPEAT, "the pool gave a broken connection", e);
        }
        giveBack(connection);
        throw new Failure(
                FailureVerdict.REFUSED,
                "the connection is not in auto-commit: the DataSource takes part in a transaction; give the store a pool of its own",
                null);
    }

    private static String codes(SQLException e) {
        return "SQLSTATE " + e.getSQLState() + ", code " + e.getErrorCode();
    }

    /** Bounds the driver's wait for the server, and tells what the bound was. */
    private int bound(Connection connection, Deadline deadline) throws Failure {
        if (dialect != null && !dialect.hasNetworkTimeout()) {
            return -1;
        }
        try {
            int before = connection.getNetworkTimeout();
            long left = TimeUnit.NANOSECONDS.toMillis(deadline.nanosLeft());
            connection.setNetworkTimeout(Runnable::run, (int) Math.max(SHORTEST_WAIT_MILLIS, left));
            return before;
        } catch (SQLFeatureNotSupportedException e) {
            return -1;
        } catch (SQLException e) {
            if (dialect == null) {
                return -1;
            }
            throw new Failure(FailureVerdict.REPEAT, "the pool gave a broken connection, " + codes(e), e);
        }
    }

    private static void unbound(Connection connection, int before) {
        try {
            if (before >= 0 && !connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, before);
            }
        } catch (SQLException | RuntimeException e) {
            // The connection is broken: its pool will find out. What the statement did is known or told already.
        }
    }

    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException | RuntimeException e) {
            // As above.
        }
    }

    private static void refuseIfInterrupted(boolean doubt) {
        if (Thread.currentThread().isInterrupted()) {
            throw storeException(doubt, "the thread was interrupted", null);
        }
    }

    private static void sleep(long nanos, boolean doubt) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw storeException(doubt, "the thread was interrupted", e);
        }
    }

    private static StoreException storeException(boolean doubt, String message, @Nullable Throwable cause) {
        return doubt ? StoreException.unknown(message, cause) : StoreException.notDone(message, cause);
    }

    /** One attempt that failed. */
    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        private final FailureVerdict verdict;
        private final String what;

        Failure(FailureVerdict verdict, String what, @Nullable Exception cause) {
            super(what, cause, false, false);
            this.verdict = verdict;
            this.what = what;
        }

        /** A driver's words that may quote a key or a payload stay here. */
        StoreException asStoreException(boolean doubt, Deadline deadline) {
            Throwable cause =
                    getCause() instanceof SQLException e && FailureVerdict.mayQuoteData(e) ? null : getCause();
            String when = verdict == FailureVerdict.REFUSED
                    ? ""
                    : " (deadline " + deadline.whole().toMillis() + " ms)";
            return storeException(doubt, what + when, cause);
        }
    }
}
