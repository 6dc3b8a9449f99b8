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
 * The sessions of connect-pg-simple: the table {@code session} of PostgreSQL 11 or newer, with the columns {@code sid},
 * {@code sess} and {@code expire}. Borrows connections, repeats and tells failures as {@link JdbcStore} does.
 *
 * <p><b>Time zones.</b> {@code expire} is a time without a zone, and means that of the connections that Express has. Where
 * {@code SHOW TimeZone} says something else than UTC there, name it: {@link Builder#timeZone}.
 *
 * <p>Expired rows are taken away by connect-pg-simple, or by whoever meets one. There is no index of users:
 * {@code sessions.of(user)} needs this project's own records.
 */
public final class ExpressPostgresStore implements SessionStore {
    private static final String TIME = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)";

    private static final long LATEST_MILLIS =
            Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

    private final JdbcCalls calls;
    private final ExpressTable table;

    private ExpressPostgresStore(JdbcCalls calls, ExpressTable table) {
        this.calls = calls;
        this.table = table;
    }

    /**
     * A store over the table that connect-pg-simple has made, with its default name.
     *
     * @param dataSource where connections come from, in auto-commit; stays the caller's to close
     * @return the store
     * @throws IllegalStateException if there is no such table, or its column {@code sess} is not of the type {@code json}
     * @throws StoreException if the database does not answer
     */
    public static ExpressPostgresStore over(DataSource dataSource) {
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
        return calls.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(table.load)) {
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
            try (PreparedStatement statement = connection.prepareStatement(table.create)) {
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
            try (PreparedStatement statement = connection.prepareStatement(table.replace)) {
                statement.setString(1, text(replacement));
                statement.setLong(2, millis(replacement.expiresAt()));
                statement.setString(3, key.text());
                statement.setLong(4, expected);
                return statement.executeUpdate() == 1;
            }
        });
        return done ? Outcome.DONE : new Outcome.Lost(load(key));
    }

    /** The version stays: it is derived from what a touch leaves as it is. */
    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        return calls.write(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(table.touch)) {
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
            try (PreparedStatement statement = connection.prepareStatement(table.delete)) {
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

    /** The database's clock; each look is one statement. */
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

    /** Does nothing: the store opened nothing, and the DataSource is its owner's to close. */
    @Override
    public void close() {}

    /** The options. Not thread-safe. */
    public static final class Builder {
        private final DataSource dataSource;
        private @Nullable String schema;
        private String table = "session";
        private ZoneId zone = ZoneId.of("UTC");
        private Duration deadline = Duration.ofSeconds(5);
        private boolean createTable;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /**
         * The table's name: {@code tableName} in connect-pg-simple. Default {@code session}.
         *
         * @param name the name, case and all
         * @return this
         */
        public Builder table(String name) {
            this.table = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * The table's schema: {@code schemaName} in connect-pg-simple. Default: the connection's search path.
         *
         * @param name the name, case and all
         * @return this
         */
        public Builder schema(String name) {
            this.schema = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * What {@code SHOW TimeZone} says on the connections of the Express application. Default UTC. With a wrong one
         * sessions end hours early or late, on one of the two sides.
         *
         * @param zone the zone
         * @return this
         */
        public Builder timeZone(ZoneId zone) {
            this.zone = Objects.requireNonNull(zone, "zone");
            return this;
        }

        /**
         * How long one call may take, its repetitions included. Default 5 seconds.
         *
         * @param deadline 100 milliseconds to 1 day
         * @return this
         */
        public Builder deadline(Duration deadline) {
            if (deadline.compareTo(Duration.ofMillis(100)) < 0 || deadline.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("deadline is 100 ms to 1 day, not " + deadline);
            }
            this.deadline = deadline;
            return this;
        }

        /**
         * Makes the table as connect-pg-simple makes it, if there is none. Default: a missing table is an error.
         *
         * @return this
         */
        public Builder createTableIfMissing() {
            this.createTable = true;
            return this;
        }

        /**
         * Borrows a connection, looks whether the table is there, and makes the store.
         *
         * @return the store
         * @throws IllegalStateException if there is no such table, or its column {@code sess} is not of the type
         *     {@code json}
         * @throws StoreException if the database does not answer
         */
        public ExpressPostgresStore build() {
            JdbcCalls calls = JdbcCalls.over(dataSource, Dialect.POSTGRESQL, deadline);
            ExpressTable named = new ExpressTable(schema, table, zone);
            String type = calls.read(connection -> typeOfSess(connection, named));
            if (type.isEmpty() && createTable) {
                calls.write(connection -> made(connection, named));
                type = calls.read(connection -> typeOfSess(connection, named));
            }
            check(type, named);
            return new ExpressPostgresStore(calls, named);
        }

        private static void check(String type, ExpressTable named) {
            if (type.isEmpty()) {
                throw new IllegalStateException("there is no table " + named.name
                        + " with a column sess: start the Express application first, or use createTableIfMissing()");
            }
            if (!type.equals("json")) {
                throw new IllegalStateException("the column sess of " + named.name + " is of type " + type
                        + ", not json: only json keeps a record byte for byte, which its version is derived from. Express works"
                        + " with either: ALTER TABLE " + named.name + " ALTER COLUMN sess TYPE json");
            }
        }

        /** Empty if there is no such column. */
        private static String typeOfSess(Connection connection, ExpressTable named) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(ExpressTable.TYPE_OF_SESS)) {
                statement.setString(1, named.name);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? row.getString(1) : "";
                }
            }
        }

        private static boolean made(Connection connection, ExpressTable named) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(named.ddl);
            }
        }
    }
}
