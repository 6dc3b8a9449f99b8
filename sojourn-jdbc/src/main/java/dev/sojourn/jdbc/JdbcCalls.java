package dev.sojourn.jdbc;

import dev.sojourn.spi.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Executes statements as {@link JdbcStore} does, for stores over tables of another layout. Each call borrows one connection
 * in auto-commit for one statement, retries what certainly had no effect until its deadline, limits the wait for the server
 * if the driver can, and reports every failure as a {@link StoreException}.
 *
 * <p>Thread-safe. Every call blocks. Never closes the DataSource and starts no thread.
 */
public final class JdbcCalls {
    private final StatementExecutor executor;

    private JdbcCalls(StatementExecutor executor) {
        this.executor = executor;
    }

    /**
     * Creates an executor over a pool.
     *
     * @param dataSource the source of connections, in auto-commit; never closed by this class
     * @param dialect the database
     * @param timeout how long one call may take, retries included
     * @return the executor
     */
    public static JdbcCalls over(DataSource dataSource, Dialect dialect, Duration timeout) {
        return new JdbcCalls(new StatementExecutor(
                Objects.requireNonNull(dataSource, "dataSource"), timeout, Objects.requireNonNull(dialect, "dialect")));
    }

    /**
     * One statement on a borrowed connection.
     *
     * @param <T> the type of the result
     */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Executes the statement.
         *
         * @param connection the borrowed connection; must not be closed or kept
         * @return the result
         * @throws SQLException if the driver throws it
         */
        T execute(Connection connection) throws SQLException;
    }

    /**
     * Executes a statement that changes nothing. It is retried after any failure that may be transient.
     *
     * @param work the statement
     * @param <T> the type of the result
     * @return the result
     * @throws StoreException if the database did not respond; its outcome is never unknown
     */
    public <T> T read(Work<T> work) {
        return executor.read(executor.deadline(), work::execute);
    }

    /**
     * Executes a statement that changes something. It is retried only if it certainly had no effect.
     *
     * @param work the statement
     * @param <T> the type of the result
     * @return the result
     * @throws StoreException if the database did not respond or refused
     */
    public <T> T write(Work<T> work) {
        return executor.write(executor.deadline(), work::execute);
    }
}
