package dev.sojourn.jdbc;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A store that keeps sessions in one table of PostgreSQL, MariaDB, MySQL, SQLite or H2, one row each, over any
 * {@link DataSource}.
 *
 * <pre>{@code
 * SessionStore store = JdbcStore.builder(pool).createTableIfMissing().build();
 * Sessions sessions = Sessions.create(c -> c.store(store).secret(…));
 * }</pre>
 *
 * <p><b>Cost.</b> Each call borrows one connection for one statement: load, create, compareAndSet, touch and delete are one
 * statement each. Only a compareAndSet or a delete that lost needs one more, for the current record.
 *
 * <p><b>Auto-commit.</b> Each statement is its own transaction. A DataSource whose connections take part in a transaction of
 * the caller is refused, at start-up and at each call: what the store has reported as done must not be rolled back. If the
 * caller's own transactions use up the pool, every session waits: give the store a pool of its own.
 *
 * <p><b>Failure.</b> A statement that certainly had no effect (an empty pool, a refused connection, a serialization failure, a
 * deadlock, a busy file) is retried with growing pauses until the deadline. If a statement may have had an effect, its outcome
 * is reported as unknown at once. The driver's exceptions only appear as the cause of a {@link StoreException}.
 *
 * <p><b>Timeout.</b> It limits the retries and, with the drivers of PostgreSQL, MariaDB and MySQL, the wait for a server that
 * hangs. The wait for a pool's connection is the pool's own option: set it below the store's timeout.
 *
 * <p>Thread-safe. Every call blocks. Never closes the DataSource and starts no thread.
 */
public final class JdbcStore implements SessionStore {
    private final Dialect dialect;
    private final TableName table;
    private final Records records;
    private final UserIndex userIndex;
    private final ExpirySweep sweep;
    private final InstantSource clock;

    private JdbcStore(StatementExecutor executor, Dialect dialect, TableName table) {
        Sql sql = new Sql(dialect, table);
        this.dialect = dialect;
        this.table = table;
        this.records = new Records(executor, sql, dialect);
        this.userIndex = new JdbcUserIndex(executor, sql);
        this.sweep = new JdbcSweep(executor, sql, records);
        this.clock = new JdbcClock(executor, sql);
    }

    /**
     * Creates a store over an existing table, with the default options.
     *
     * @param dataSource the source of connections, in auto-commit; never closed by the store
     * @return the store
     * @throws IllegalStateException if the table is missing, the connections are not in auto-commit or the database is not
     *     supported; the message states what to do
     * @throws StoreException if the database did not respond
     */
    public static JdbcStore over(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /**
     * Returns a builder for a store with other options.
     *
     * @param dataSource the source of connections, in auto-commit; never closed by the store
     * @return a builder with the defaults
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return records.load(key);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return records.create(key, session);
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return records.compareAndSet(key, expected, replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return records.touch(key, expected, version, expiresAt);
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        return records.delete(key, expected);
    }

    @Override
    public Optional<UserIndex> userIndex() {
        return Optional.of(userIndex);
    }

    @Override
    public Optional<ExpirySweep> expirySweep() {
        return Optional.of(sweep);
    }

    /** Returns the database's clock. Each reading is one statement. */
    @Override
    public Optional<InstantSource> storeClock() {
        return Optional.of(clock);
    }

    /** Does nothing: the store opened nothing, and the application closes the DataSource. */
    @Override
    public void close() {}

    /** Returns the database and the table. */
    @Override
    public String toString() {
        return "JdbcStore[" + dialect + ", " + table.text() + "]";
    }

    /** Builds a {@link JdbcStore}. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private TableName table = TableName.DEFAULT;
        private Duration timeout = Duration.ofSeconds(5);
        private boolean createTable;
        private @Nullable Dialect dialect;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /**
         * Creates the table and its index if they do not exist. Safe when several nodes start at the same time. Default: a missing
         * table is an error, because an application's database user may not, or should not, have the right to create one.
         *
         * @return this
         */
        public Builder createTableIfMissing() {
            this.createTable = true;
            return this;
        }

        /**
         * Sets the table's name. Default: {@code sojourn_session}.
         *
         * @param name letters, digits and {@code _}, optionally after a schema and a dot; the database folds its case as usual.
         *     A part in double quotes keeps its case and may contain spaces, dots, hyphens and dollar signs:
         *     {@code "\"Web\".sojourn_session"}
         * @return this
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder table(String name) {
            this.table = new TableName(name);
            return this;
        }

        /**
         * Sets the database. Default: the one that the driver reports.
         *
         * @param dialect the database
         * @return this
         */
        public Builder dialect(Dialect dialect) {
            this.dialect = Objects.requireNonNull(dialect, "dialect");
            return this;
        }

        /**
         * Sets how long one call may take, retries included. Default: 5 seconds. The wait for a pool's connection is limited by
         * the pool alone, and the wait for a lock in SQLite or H2 by their own settings.
         *
         * @param timeout 100 milliseconds to 1 day
         * @return this
         * @throws IllegalArgumentException if it is shorter or longer
         */
        public Builder timeout(Duration timeout) {
            if (timeout.compareTo(Duration.ofMillis(100)) < 0 || timeout.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("timeout is 100 ms to 1 day, not " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        /**
         * Creates the store, after checking the DataSource and the table on one connection.
         *
         * @return the store
         * @throws IllegalStateException if the table is missing, the connections are not in auto-commit or the database is not
         *     supported; the message states what to do
         * @throws StoreException if the database did not respond
         */
        public JdbcStore build() {
            SchemaSetup setup = new SchemaSetup(new StatementExecutor(dataSource, timeout, null), dialect, table);
            Dialect detected = createTable ? setup.createIfMissing() : setup.check();
            return new JdbcStore(new StatementExecutor(dataSource, timeout, detected), detected, table);
        }
    }
}
