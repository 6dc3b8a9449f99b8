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
 * The records are their own index: each row has its subject. So there is nothing to enter and nothing to drop; only the
 * epoch of a subject has a row of its own, whose version it is.
 *
 * <p><b>Why nobody is overlooked.</b> Each statement here and in {@link JdbcStore} is a transaction of its own on the primary. All
 * five databases take a statement's snapshot when it begins and make a commit visible before they acknowledge it, so a
 * statement sees everything that was acknowledged before it was sent. Whoever ends all writes the epoch, then looks; whoever
 * signs in writes the record, then reads the epoch: at least one of the two sees the other. A replica that is
 * read behind the primary's back, or a Galera node without {@code wsrep_sync_wait}, breaks this.
 */
final class JdbcUserIndex implements UserIndex {
    private final Database database;
    private final Sql sql;

    JdbcUserIndex(Database database, Sql sql) {
        this.database = database;
        this.sql = sql;
    }

    @Override
    public long enter(String subject, StoreKey key, Instant until) {
        return database.read(database.deadline(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.epoch)) {
                statement.setString(1, RowMapper.epochKey(subject));
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? row.getLong(1) : 0L;
                }
            }
        });
    }

    /** Done once more if in doubt: a second new value says the same as the first. */
    @Override
    public void advanceEpoch(String subject, Instant keepUntil) {
        database.writeAgain(database.deadline(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.advanceEpoch)) {
                statement.setString(1, RowMapper.epochKey(subject));
                statement.setLong(2, newEpoch());
                statement.setLong(3, RowMapper.millis(keepUntil));
                statement.setString(4, null);
                statement.setBytes(5, RowMapper.NO_PAYLOAD);
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
        return database.read(database.deadline(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.find)) {
                statement.setString(1, subject);
                statement.setString(2, last);
                statement.setInt(3, limit);
                return entries(statement);
            }
        });
    }

    /** A row needs no entering anew, so all entries are of one time. */
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
        // Where no record stands there is no entry either.
    }
}
