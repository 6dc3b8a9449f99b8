package dev.sojourn.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.InstantSource;

/** The clock of the database. Each reading is one statement. */
final class JdbcClock implements InstantSource {
    private final StatementExecutor executor;
    private final Sql sql;

    JdbcClock(StatementExecutor executor, Sql sql) {
        this.executor = executor;
        this.sql = sql;
    }

    @Override
    public Instant instant() {
        return executor.read(executor.deadline(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.time);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                return Instant.ofEpochMilli(row.getLong(1));
            }
        });
    }
}
