package dev.sojourn.jdbc;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A user index that queries the records themselves: each row has its subject. There are no entries to add or drop. Only the
 * epoch of a subject has a row of its own; the row's version is the epoch.
 *
 * <p><b>Why no session is missed.</b> Each statement here and in {@link Records} is a transaction of its own on the primary.
 * All five databases take a statement's snapshot when it begins, and make a commit visible before they acknowledge it. So a
 * statement sees everything that was acknowledged before it was sent. {@code endAll} writes the epoch, then reads the records.
 * A login writes the record, then reads the epoch. At least one of the two sees the other. Reads from a replica, or from a
 * Galera node without {@code wsrep_sync_wait}, break this.
 */
final class JdbcUserIndex implements UserIndex {
    private final StatementExecutor executor;
    private final Sql sql;

    JdbcUserIndex(StatementExecutor executor, Sql sql) {
        this.executor = executor;
        this.sql = sql;
    }

    @Override
    public long enter(String subject, StoreKey key, Instant keepUntil) {
        return executor.read(executor.deadline(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.epoch)) {
                statement.setString(1, KeyLayout.epoch(subject));
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? row.getLong(1) : 0L;
                }
            }
        });
    }

    /** Retries even if the outcome is unknown: a second new value has the same meaning as the first. */
    @Override
    public void advanceEpoch(String subject, Instant keepUntil) {
        executor.writeIdempotent(executor.deadline(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.advanceEpoch)) {
                statement.setString(1, KeyLayout.epoch(subject));
                statement.setLong(2, newEpoch());
                statement.setLong(3, JdbcTime.epochMillis(keepUntil));
                statement.setString(4, null);
                statement.setBytes(5, RecordEncoding.NO_PAYLOAD);
                return statement.executeUpdate();
            }
        });
    }

    private static long newEpoch() {
        long epoch;
        do {
            epoch = ThreadLocalRandom.current().nextLong();
        } while (epoch == 0);
        return epoch;
    }

    @Override
    public List<Entry> find(String subject, @Nullable Entry after, int limit) {
        String last = after == null ? "" : after.key().text();
        return executor.read(executor.deadline(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.find)) {
                statement.setString(1, subject);
                statement.setString(2, last);
                statement.setInt(3, limit);
                return entries(statement);
            }
        });
    }

    /** Rows are never entered again, so all entries have the same time. */
    private static List<Entry> entries(PreparedStatement statement) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                entries.add(new Entry(StoreKey.of(row.getString(1)), Instant.EPOCH));
            }
        }
        return entries;
    }

    @Override
    public void drop(String subject, Entry entry) {
        // Without a record there is no entry either.
    }
}
