package dev.sojourn.jdbc;

import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** The five record operations of a store, as SQL statements, and the operations on rows that the sweep needs. */
final class Records {
    private final StatementExecutor executor;
    private final Sql sql;
    private final Dialect dialect;

    Records(StatementExecutor executor, Sql sql, Dialect dialect) {
        this.executor = executor;
        this.sql = sql;
        this.dialect = dialect;
    }

    Optional<StoredSession> load(StoreKey key) {
        return loadRow(executor.deadline(), KeyLayout.record(key));
    }

    boolean create(StoreKey key, StoredSession session) {
        return insertRow(KeyLayout.record(key), session);
    }

    /** Writes the subject only when it is removed, so that the database updates the index on subjects only then. */
    Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        String text = KeyLayout.record(key);
        Deadline deadline = executor.deadline();
        String update = replacement.subject() == null ? sql.retire : sql.replace;
        int updated = executor.write(deadline, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(update)) {
                statement.setLong(1, replacement.version());
                statement.setLong(2, JdbcTime.epochMillis(replacement.expiresAt()));
                statement.setBytes(3, replacement.payload());
                statement.setString(4, text);
                statement.setLong(5, expected);
                return statement.executeUpdate();
            }
        });
        if (updated == 1) {
            return Outcome.DONE;
        }
        Optional<StoredSession> current = loadRow(deadline, text);
        boolean unchanged = countsOnlyChanges(expected, replacement.version())
                && matches(current, expected, replacement.expiresAt())
                && Arrays.equals(current.orElseThrow().payload(), replacement.payload());
        return unchanged ? Outcome.DONE : new Outcome.Lost(current);
    }

    boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        String text = KeyLayout.record(key);
        Deadline deadline = executor.deadline();
        return touchRow(deadline, text, expected, version, JdbcTime.epochMillis(expiresAt))
                || (countsOnlyChanges(expected, version) && matches(loadRow(deadline, text), expected, expiresAt));
    }

    Outcome delete(StoreKey key, long expected) {
        String text = KeyLayout.record(key);
        Deadline deadline = executor.deadline();
        return deleteRow(deadline, text, expected) ? Outcome.DONE : new Outcome.Lost(loadRow(deadline, text));
    }

    /**
     * Whether an update count of 0 may mean that the row was found with equal values: with {@code useAffectedRows=true} the
     * drivers of MariaDB and MySQL count changed rows.
     */
    private boolean countsOnlyChanges(long expected, long version) {
        return dialect.isMySqlFamily() && expected == version;
    }

    private static boolean matches(Optional<StoredSession> current, long version, Instant expiresAt) {
        return current.filter(each -> each.version() == version)
                .filter(each -> JdbcTime.epochMillis(each.expiresAt()) == JdbcTime.epochMillis(expiresAt))
                .isPresent();
    }

    // ---- rows under any key

    private Optional<StoredSession> loadRow(Deadline deadline, String key) {
        return executor.read(deadline, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.load)) {
                statement.setString(1, key);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(RecordEncoding.read(row, 1)) : Optional.empty();
                }
            }
        });
    }

    /** Inserts a row under any key: a session, or the claim of the sweep. Returns false if the key exists. */
    boolean insertRow(String key, StoredSession session) {
        return executor.write(executor.deadline(), connection -> insertRow(connection, key, session));
    }

    private boolean insertRow(Connection connection, String key, StoredSession session) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.create)) {
            statement.setString(1, key);
            statement.setLong(2, session.version());
            statement.setLong(3, JdbcTime.epochMillis(session.expiresAt()));
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

    /** Updates version and expiry of a row under any key. Returns false if another version is stored. */
    boolean touchRow(Deadline deadline, String key, long expected, long version, long expiresAt) {
        return executor.write(deadline, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.touch)) {
                statement.setLong(1, version);
                statement.setLong(2, expiresAt);
                statement.setString(3, key);
                statement.setLong(4, expected);
                return statement.executeUpdate() == 1;
            }
        });
    }

    /** Deletes a row under any key. Returns false if another version is stored. */
    boolean deleteRow(Deadline deadline, String key, long expected) {
        return executor.write(deadline, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.delete)) {
                statement.setString(1, key);
                statement.setLong(2, expected);
                return statement.executeUpdate() == 1;
            }
        });
    }
}
