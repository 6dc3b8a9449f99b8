package dev.sojourn.jdbc;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds expired rows without an index on their expiry: every touch would have to write it.
 *
 * <p><b>The walk.</b> Each call looks at the next slice of the table in the order of the keys, at most 1,000 rows or ten for each
 * that may be told of, and goes on from there the next time; behind the last key comes the first. Keys are digests, so every
 * slice is a fair sample, and a call costs the same whatever the size of the table. A small one is seen whole. Where a
 * sweep of 1,000 rows comes with every 64 new sessions, about 64 of 1,000 rows are garbage in the steady state. Each node begins
 * somewhere else.
 *
 * <p><b>One node at a time.</b> A row of the same table says who sweeps and until when, and is taken by an UPDATE with a
 * condition: it waits for nothing but another such UPDATE. {@code SKIP LOCKED} would spare that moment and needs a
 * transaction that stays open while a listener is told; a statement that claims and deletes in one would forget before it
 * tells. The lease is 60 s of the callers' own time, so a claim whose node died is waited out. Two sweeps at once, by clocks
 * that differ or a listener that takes longer, tell of a record twice and harm nothing.
 *
 * <p>No connection is held while a record is told of.
 */
final class JdbcSweep implements ExpirySweep {
    private static final int FEWEST_LOOKED_AT = 1_000;
    private static final int LOOKED_AT_FOR_EACH = 10;
    /** How many records with their payloads are held in memory at once. */
    private static final int FETCHED_TOGETHER = 100;

    private static final long LEASE = Duration.ofSeconds(60).toMillis();
    /** Clocks differ by less: a lease that ends later is no lease, but a clock that was wrong. */
    private static final long LONGEST_LEASE = LEASE + Duration.ofMinutes(5).toMillis();

    private static final String BASE64URL = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

    private final JdbcStore store;
    private final Database database;
    private final Sql sql;
    /** The key that was looked at last. */
    private volatile String cursor = randomKey();

    JdbcSweep(JdbcStore store, Database database, Sql sql) {
        this.store = store;
        this.database = database;
        this.sql = sql;
    }

    private static String randomKey() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "" + BASE64URL.charAt(random.nextInt(64)) + BASE64URL.charAt(random.nextInt(64));
    }

    @Override
    public int sweep(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is at least 1, not " + limit);
        }
        long line = RowMapper.millis(expiredBefore);
        OptionalLong claim = claim(line);
        if (claim.isEmpty()) {
            return 0;
        }
        try {
            return new Walk(line, limit, deliver).walk();
        } finally {
            release(claim.getAsLong());
        }
    }

    // ---- who sweeps

    /** The version of the row that says that this call sweeps, or empty if another one does. */
    private OptionalLong claim(long line) {
        long mine = ThreadLocalRandom.current().nextLong();
        long end = line + LEASE;
        int taken = database.write(database.deadline(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.claim)) {
                statement.setLong(1, mine);
                statement.setLong(2, end);
                statement.setString(3, RowMapper.SWEEP);
                statement.setLong(4, line);
                statement.setLong(5, line + LONGEST_LEASE);
                return statement.executeUpdate();
            }
        });
        StoredSession first = new StoredSession(RowMapper.NO_PAYLOAD, mine, Instant.ofEpochMilli(end), null);
        return taken == 1 || store.insert(RowMapper.SWEEP, first) ? OptionalLong.of(mine) : OptionalLong.empty();
    }

    private void release(long mine) {
        try {
            store.touched(database.deadline(), RowMapper.SWEEP, mine, mine, 0);
        } catch (StoreException e) {
            // The lease runs out by itself.
        }
    }

    // ---- the slice of one call

    /** A row that had expired. */
    private record Expired(String key, StoredSession session) {}

    /** One call's way through the table. */
    private final class Walk {
        private final long line;
        private final BiConsumer<StoreKey, StoredSession> deliver;
        private final int lookedAt;
        private int left;
        private int forgotten;

        Walk(long line, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
            this.line = line;
            this.deliver = deliver;
            this.left = limit;
            this.lookedAt =
                    (int) Math.min(Integer.MAX_VALUE, Math.max(FEWEST_LOOKED_AT, (long) LOOKED_AT_FOR_EACH * limit));
        }

        int walk() {
            String start = cursor;
            boolean atEnd = through(start, null);
            if (atEnd && left > 0) {
                cursor = "";
                through("", start);
            }
            return forgotten;
        }

        /** Looks at the next rows up to a key, or to the table's end; true if they were the last of them. */
        private boolean through(String from, @Nullable String upTo) {
            Optional<String> boundary = boundary(from, upTo);
            String end = boundary.orElse(upTo);
            String last = from;
            while (left > 0) {
                int asked = Math.min(left, FETCHED_TOGETHER);
                List<Expired> rows = expired(last, end, asked);
                for (Expired row : rows) {
                    last = row.key;
                    // Before it is told of: a listener that fails at this one each time does not keep the others from
                    // being swept.
                    cursor = last;
                    take(row);
                }
                if (rows.size() < asked) {
                    cursor = end == null ? "" : end;
                    return boundary.isEmpty();
                }
            }
            return false;
        }

        private void take(Expired row) {
            if (RowMapper.isSession(row.key)) {
                left--;
                deliver.accept(StoreKey.of(row.key), row.session);
                forgotten += forget(row) ? 1 : 0;
            } else if (RowMapper.isEpoch(row.key)) {
                forget(row);
            }
        }

        private boolean forget(Expired row) {
            return store.deleted(database.deadline(), row.key, row.session.version());
        }

        private Optional<String> boundary(String from, @Nullable String upTo) {
            return database.read(database.deadline(), connection -> {
                try (PreparedStatement statement =
                        connection.prepareStatement(upTo == null ? sql.boundary : sql.boundaryUpTo)) {
                    int next = between(statement, from, upTo);
                    statement.setInt(next, lookedAt - 1);
                    try (ResultSet row = statement.executeQuery()) {
                        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                    }
                }
            });
        }

        private List<Expired> expired(String from, @Nullable String upTo, int asked) {
            return database.read(database.deadline(), connection -> {
                try (PreparedStatement statement =
                        connection.prepareStatement(upTo == null ? sql.expired : sql.expiredUpTo)) {
                    int next = between(statement, from, upTo);
                    statement.setLong(next, line);
                    statement.setInt(next + 1, asked);
                    try (ResultSet row = statement.executeQuery()) {
                        List<Expired> rows = new ArrayList<>();
                        while (row.next()) {
                            rows.add(new Expired(row.getString(1), RowMapper.session(row, 2)));
                        }
                        return rows;
                    }
                }
            });
        }

        private int between(PreparedStatement statement, String from, @Nullable String upTo) throws SQLException {
            statement.setString(1, from);
            if (upTo == null) {
                return 2;
            }
            statement.setString(2, upTo);
            return 3;
        }
    }
}
