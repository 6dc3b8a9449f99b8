package dev.sojourn.jdbc;

import dev.sojourn.spi.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * How {@link JdbcStore} talks to its database, for stores over tables that are not its own: each call borrows one
 * connection in auto-commit for one statement, repeats what certainly had no effect until its deadline, bounds the wait for
 * the server where the driver can, and tells every failure as a {@link StoreException}.
 *
 * <p>Thread-safe. Every call blocks. Never closes the DataSource and starts no thread.
 */
public final class JdbcCalls {
    private final Database database;

    private JdbcCalls(Database database) {
        this.database = database;
    }

    /**
     * Calls on the connections of a pool.
     *
     * @param dataSource where connections come from, in auto-commit; stays the caller's to close
     * @param dialect the database, whose errors are known
     * @param deadline how long one call may take, its repetitions included
     * @return the calls
     */
    public static JdbcCalls over(DataSource dataSource, Dialect dialect, Duration deadline) {
        return new JdbcCalls(new Database(
                Objects.requireNonNull(dataSource, "dataSource"),
                deadline,
                Objects.requireNonNull(dialect, "dialect")));
    }

    /**
     * What is done with a connection: one statement.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Carries out the statement.
         *
         * @param connection borrowed for this; not to be closed or kept
         * @return what came of it
         * @throws SQLException if the driver says so
         */
        T on(Connection connection) throws SQLException;
    }

    /**
     * Asks for something that changes nothing, so it is repeated after any failure that may pass.
     *
     * @param work the statement
     * @param <T> what comes of it
     * @return what came of it
     * @throws StoreException if the database does not answer; never unknown
     */
    public <T> T read(Work<T> work) {
        return database.read(database.deadline(), work::on);
    }

    /**
     * Asks for a change, which is repeated only where it certainly had no effect.
     *
     * @param work the statement
     * @param <T> what comes of it
     * @return what came of it
     * @throws StoreException if the database does not answer or refuses
     */
    public <T> T write(Work<T> work) {
        return database.write(database.deadline(), work::on);
    }
}
