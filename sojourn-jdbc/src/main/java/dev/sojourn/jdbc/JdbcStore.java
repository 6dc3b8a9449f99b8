package dev.sojourn.jdbc;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in one table of PostgreSQL, MariaDB, MySQL, SQLite or H2: one row for each, over any {@link DataSource}.
 *
 * <pre>{@code
 * SessionStore store = JdbcStore.builder(pool).createTableIfMissing().build();
 * Sessions sessions = Sessions.create(c -> c.store(store).secret(…));
 * }</pre>
 *
 * <p><b>Cost.</b> Each call borrows one connection for one statement: load, create, replace, touch and delete are one each.
 * Only a replacement or a deletion that lost asks once more, for what stands there now.
 *
 * <p><b>Auto-commit.</b> Each statement is its own transaction. A DataSource that hands out connections within a
 * transaction of its caller is refused, at start-up and at each call: what the store has told as done must not be rolled
 * back. A pool that the caller's own transactions have used up makes every session wait: give the store a pool of its own.
 *
 * <p><b>Failure.</b> What certainly had no effect (an empty pool, a refused connection, a serialization failure, a
 * deadlock, a busy file) is repeated with growing pauses until the deadline. What may have had one is told as unknown at
 * once. The driver's own exceptions go no further than the cause of a {@link StoreException}.
 *
 * <p><b>Deadline.</b> It bounds the repetitions and, with the drivers of PostgreSQL, MariaDB and MySQL, the wait for a server
 * that hangs. The wait for a pool's connection is the pool's own option: set it below the deadline.
 *
 * <p>Thread-safe. Every call blocks. Never closes the DataSource and starts no thread.
 */
public final class JdbcStore implements SessionStore {
    private final Database database;
    private final Dialect dialect;
    private final TableName table;
    private final Sql sql;
    private final UserIndex index;
    private final ExpirySweep sweep;

    private JdbcStore(Database database, Dialect dialect, TableName table) {
        this.database = database;
        this.dialect = dialect;
        this.table = table;
        this.sql = new Sql(dialect, table);
        this.index = new JdbcUserIndex(database, sql);
        this.sweep = new JdbcSweep(this, database, sql);
    }

    /**
     * A store over a table that exists, with the default options.
     *
     * @param dataSource where connections come from, in auto-commit; stays the caller's to close
     * @return the store
     * @throws IllegalStateException if the table is missing, the connections are not in auto-commit or the database is none
     *     that the store knows; the message says what to do
     * @throws StoreException if the database does not answer
     */
    public static JdbcStore over(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /**
     * A store with other options.
     *
     * @param dataSource where connections come from, in auto-commit; stays the caller's to close
     * @return a builder with the defaults
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        return stands(database.deadline(), RowMapper.key(key));
    }

    private Optional<StoredSession> stands(Deadline deadline, String key) {
        return database.read(deadline, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.load)) {
                statement.setString(1, key);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(RowMapper.session(row, 1)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return insert(RowMapper.key(key), session);
    }

    /** Whatever the key: the sweep's own row is made here too. */
    boolean insert(String key, StoredSession session) {
        return database.write(database.deadline(), connection -> inserted(connection, key, session));
    }

    private boolean inserted(Connection connection, String key, StoredSession session) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.create)) {
            statement.setString(1, key);
            statement.setLong(2, session.version());
            statement.setLong(3, RowMapper.millis(session.expiresAt()));
            statement.setString(4, session.subject());
            statement.setBytes(5, session.payload());
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            if (dialect.isDuplicateKey(e)) {
                return false;
            }
            throw e;
        }
    }

    /** The subject is written only where it goes: so the index of subjects is not touched otherwise. */
    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        String text = RowMapper.key(key);
        Deadline deadline = database.deadline();
        String change = replacement.subject() == null ? sql.retire : sql.replace;
        int changed = database.write(deadline, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(change)) {
                statement.setLong(1, replacement.version());
                statement.setLong(2, RowMapper.millis(replacement.expiresAt()));
                statement.setBytes(3, replacement.payload());
                statement.setString(4, text);
                statement.setLong(5, expected);
                return statement.executeUpdate();
            }
        });
        if (changed == 1) {
            return Outcome.DONE;
        }
        Optional<StoredSession> current = stands(deadline, text);
        boolean nothingToChange = countsOnlyChanges(expected, replacement.version())
                && isAt(current, expected, replacement.expiresAt())
                && Arrays.equals(current.orElseThrow().payload(), replacement.payload());
        return nothingToChange ? Outcome.DONE : new Outcome.Lost(current);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        String text = RowMapper.key(key);
        Deadline deadline = database.deadline();
        return touched(deadline, text, expected, version, RowMapper.millis(expiresAt))
                || (countsOnlyChanges(expected, version) && isAt(stands(deadline, text), expected, expiresAt));
    }

    boolean touched(Deadline deadline, String key, long expected, long version, long expiresAt) {
        return database.write(deadline, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.touch)) {
                statement.setLong(1, version);
                statement.setLong(2, expiresAt);
                statement.setString(3, key);
                statement.setLong(4, expected);
                return statement.executeUpdate() == 1;
            }
        });
    }

    /**
     * Whether a count of 0 may mean that the row was found and is equal already: with {@code useAffectedRows=true} the
     * drivers of MariaDB and MySQL count what was changed.
     */
    private boolean countsOnlyChanges(long expected, long version) {
        return dialect.mySqlFamily() && expected == version;
    }

    private static boolean isAt(Optional<StoredSession> current, long version, Instant expiresAt) {
        return current.filter(each -> each.version() == version)
                .filter(each -> RowMapper.millis(each.expiresAt()) == RowMapper.millis(expiresAt))
                .isPresent();
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        String text = RowMapper.key(key);
        Deadline deadline = database.deadline();
        return deleted(deadline, text, expected) ? Outcome.DONE : new Outcome.Lost(stands(deadline, text));
    }

    boolean deleted(Deadline deadline, String key, long expected) {
        return database.write(deadline, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.delete)) {
                statement.setString(1, key);
                statement.setLong(2, expected);
                return statement.executeUpdate() == 1;
            }
        });
    }

    @Override
    public Optional<UserIndex> userIndex() {
        return Optional.of(index);
    }

    @Override
    public Optional<ExpirySweep> expirySweep() {
        return Optional.of(sweep);
    }

    /** The database's clock; each look is one statement. */
    @Override
    public Optional<InstantSource> storeClock() {
        return Optional.of(() -> database.read(database.deadline(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.time);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return Instant.ofEpochMilli(row.getLong(1));
            }
        }));
    }

    /** Does nothing: the store opened nothing, and the DataSource is its owner's to close. */
    @Override
    public void close() {}

    /** Says which database and which table. */
    @Override
    public String toString() {
        return "JdbcStore[" + dialect + ", " + table.text() + "]";
    }

    /** The options. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private TableName table = TableName.DEFAULT;
        private Duration deadline = Duration.ofSeconds(5);
        private boolean createTable;
        private @Nullable Dialect dialect;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /**
         * Makes the table and its index if there is none. Safe when several nodes start at the same time. Default: a missing
         * table is an error, because an application's own user may not have, or should not have, the right to make one.
         *
         * @return this
         */
        public Builder createTableIfMissing() {
            this.createTable = true;
            return this;
        }

        /**
         * The table's name. Default {@code sojourn_session}.
         *
         * @param name letters, digits and {@code _}, perhaps after a schema and a dot; the database folds its case as usual.
         *     A part in double quotes keeps its case and may hold spaces, dots, hyphens and dollar signs:
         *     {@code "\"Web\".sojourn_session"}
         * @return this
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder table(String name) {
            this.table = new TableName(name);
            return this;
        }

        /**
         * Which database it is. Default: what the driver says.
         *
         * @param dialect the database
         * @return this
         */
        public Builder dialect(Dialect dialect) {
            this.dialect = Objects.requireNonNull(dialect, "dialect");
            return this;
        }

        /**
         * How long one call may take, its repetitions included. Default 5 seconds. The wait for a pool's connection is
         * bounded by the pool alone, and that for a lock in SQLite or H2 by theirs.
         *
         * @param deadline at least 100 milliseconds
         * @return this
         * @throws IllegalArgumentException if it is shorter
         */
        public Builder deadline(Duration deadline) {
            if (deadline.compareTo(Duration.ofMillis(100)) < 0 || deadline.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("deadline is 100 ms to 1 day, not " + deadline);
            }
            this.deadline = deadline;
            return this;
        }

        /**
         * Borrows a connection, looks whether all is as it has to be, and makes the store.
         *
         * @return the store
         * @throws IllegalStateException if the table is missing, the connections are not in auto-commit or the database is
         *     none that the store knows; the message says what to do
         * @throws StoreException if the database does not answer
         */
        public JdbcStore build() {
            SchemaCheck opening = new SchemaCheck(new Database(dataSource, deadline, null), dialect, table);
            Dialect found = createTable ? opening.createIfMissing() : opening.check();
            return new JdbcStore(new Database(dataSource, deadline, found), found, table);
        }
    }
}
