package dev.sojourn.express;

import dev.sojourn.jdbc.Dialect;
import dev.sojourn.jdbc.JdbcCalls;
import dev.sojourn.jdbc.JdbcStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A store for the sessions of connect-pg-simple: the table {@code session} of PostgreSQL 11 or newer, with the columns
 * {@code sid}, {@code sess} and {@code expire}. Borrows connections, retries and reports failures as {@link JdbcStore} does.
 *
 * <p><b>Time zones.</b> {@code expire} is a time without a zone, in the time zone of Express's connections. If
 * {@code SHOW TimeZone} is not UTC on those connections, set it: {@link Builder#timeZone}.
 *
 * <p>Expired rows are deleted by connect-pg-simple, or by the request that finds one. There is no user index:
 * {@code sessions.of(user)} needs Sojourn's own records.
 */
public final class ExpressPostgresStore implements SessionStore {
    private static final String TIME = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)";

    private static final long LATEST_MILLIS =
            Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

    private final JdbcCalls calls;
    private final ExpressSql sql;

    private ExpressPostgresStore(JdbcCalls calls, ExpressSql sql) {
        this.calls = calls;
        this.sql = sql;
    }

    /**
     * Creates a store over the table that connect-pg-simple has created, with its default name.
     *
     * @param dataSource the source of connections, in auto-commit; never closed by the store
     * @return the store
     * @throws IllegalStateException if the table does not exist, or its column {@code sess} is not of type {@code json}
     * @throws StoreException if the database did not respond
     */
    public static ExpressPostgresStore over(DataSource dataSource) {
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
        return calls.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.load)) {
                statement.setString(1, key.text());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(session(row)) : Optional.empty();
                }
            }
        });
    }

    private StoredSession session(ResultSet row) throws SQLException {
        byte[] payload = row.getString(1).getBytes(StandardCharsets.UTF_8);
        return new StoredSession(
                payload, VersionDigest.SHA256.version(payload), Instant.ofEpochMilli(row.getLong(2)), null);
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        return calls.write(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.create)) {
                statement.setString(1, key.text());
                statement.setString(2, text(session));
                statement.setLong(3, millis(session.expiresAt()));
                return statement.executeUpdate() == 1;
            }
        });
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        boolean done = calls.write(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.replace)) {
                statement.setString(1, text(replacement));
                statement.setLong(2, millis(replacement.expiresAt()));
                statement.setString(3, key.text());
                statement.setLong(4, expected);
                return statement.executeUpdate() == 1;
            }
        });
        return done ? Outcome.DONE : new Outcome.Lost(load(key));
    }

    /** Updates the expiry only. The version stays the same: it is derived from the record, which a touch does not change. */
    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return calls.write(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.touch)) {
                statement.setLong(1, millis(expiresAt));
                statement.setString(2, key.text());
                statement.setLong(3, expected);
                return statement.executeUpdate() == 1;
            }
        });
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        boolean done = calls.write(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.delete)) {
                statement.setString(1, key.text());
                statement.setLong(2, expected);
                return statement.executeUpdate() == 1;
            }
        });
        return done ? Outcome.DONE : new Outcome.Lost(load(key));
    }

    private static String text(StoredSession session) {
        return new String(session.payload(), StandardCharsets.UTF_8);
    }

    private static long millis(Instant instant) {
        return Math.max(0, Math.min(LATEST_MILLIS, instant.getEpochSecond() * 1_000 + instant.getNano() / 1_000_000));
    }

    /** Returns the database's clock. Each reading is one statement. */
    @Override
    public Optional<InstantSource> storeClock() {
        return Optional.of(() -> calls.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(TIME);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return Instant.ofEpochMilli(row.getLong(1));
            }
        }));
    }

    /** Does nothing: the store opened nothing, and the application closes the DataSource. */
    @Override
    public void close() {}

    /** Builds an {@link ExpressPostgresStore}. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private @Nullable String schema;
        private String table = "session";
        private ZoneId zone = ZoneId.of("UTC");
        private Duration timeout = Duration.ofSeconds(5);
        private boolean createTable;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /**
         * Sets the table's name: {@code tableName} in connect-pg-simple. Default: {@code session}.
         *
         * @param name the name, case-sensitive
         * @return this
         */
        public Builder table(String name) {
            this.table = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets the table's schema: {@code schemaName} in connect-pg-simple. Default: the connection's search path.
         *
         * @param name the name, case-sensitive
         * @return this
         */
        public Builder schema(String name) {
            this.schema = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets the result of {@code SHOW TimeZone} on the connections of the Express application. Default: UTC. With a wrong time
         * zone, sessions end hours early or late on one of the two sides.
         *
         * @param zone the zone
         * @return this
         */
        public Builder timeZone(ZoneId zone) {
            this.zone = Objects.requireNonNull(zone, "zone");
            return this;
        }

        /**
         * Sets how long one call may take, retries included. Default: 5 seconds.
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
         * Creates the table as connect-pg-simple does, if it does not exist. Default: a missing table is an error.
         *
         * @return this
         */
        public Builder createTableIfMissing() {
            this.createTable = true;
            return this;
        }

        /**
         * Creates the store, after checking the table on one connection.
         *
         * @return the store
         * @throws IllegalStateException if the table does not exist, or its column {@code sess} is not of type {@code json}
         * @throws StoreException if the database did not respond
         */
        public ExpressPostgresStore build() {
            JdbcCalls calls = JdbcCalls.over(dataSource, Dialect.POSTGRESQL, timeout);
            ExpressSql sql = new ExpressSql(schema, table, zone);
            String type = calls.read(connection -> typeOfSess(connection, sql));
            if (type.isEmpty() && createTable) {
                calls.write(connection -> createTable(connection, sql));
                type = calls.read(connection -> typeOfSess(connection, sql));
            }
            check(type, sql);
            return new ExpressPostgresStore(calls, sql);
        }

        private static void check(String type, ExpressSql sql) {
            if (type.isEmpty()) {
                throw new IllegalStateException("there is no table " + sql.table
                        + " with a column sess: start the Express application first, or use createTableIfMissing()");
            }
            if (!type.equals("json")) {
                throw new IllegalStateException("the column sess of " + sql.table + " is of type " + type
                        + ", not json: only json keeps the bytes of a record, from which its version is derived. Express works"
                        + " with both: ALTER TABLE " + sql.table + " ALTER COLUMN sess TYPE json");
            }
        }

        /** Returns the type of the column {@code sess}; empty if there is no such column. */
        private static String typeOfSess(Connection connection, ExpressSql sql) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(ExpressSql.TYPE_OF_SESS)) {
                statement.setString(1, sql.table);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? row.getString(1) : "";
                }
            }
        }

        private static boolean createTable(Connection connection, ExpressSql sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql.ddl);
            }
        }
    }
}
