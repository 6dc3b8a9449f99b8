package dev.sojourn.jdbc;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.SessionStore;
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
 * A sweep that finds expired rows without an index on their expiry, because every touch would have to write that index.
 *
 * <p><b>The pass.</b> Each call examines the next slice of the table in key order, at most 1,000 rows or ten for each record
 * that may be reported, and the next call continues there. After the last key comes the first. Keys are digests, so every
 * slice is a fair sample, and a call costs the same whatever the size of the table. A small table is examined whole. With a
 * sweep of 1,000 rows for every 64 new sessions, about 64 of 1,000 rows are expired in the steady state. Each node begins at a
 * random key.
 *
 * <p><b>One node at a time.</b> A row of the same table holds the claim: which call sweeps, and when its claim ends. It is
 * taken by a conditional UPDATE, which waits only for another such UPDATE. {@code SKIP LOCKED} would avoid that wait, but needs a
 * transaction that stays open while the listener runs. A statement that claims and deletes at once would remove records before
 * they are reported. A claim lasts 60 s by the callers' clocks, so the claim of a dead node expires. Two sweeps at once,
 * because of different clocks or a slow listener, report a record twice and do no harm.
 *
 * <p>No connection is held while a record is reported.
 */
final class JdbcSweep implements ExpirySweep {
    private static final int MIN_EXAMINED = 1_000;
    private static final int EXAMINED_PER_RECORD = 10;
    /** How many records with their payloads are in memory at once. */
    private static final int BATCH = 100;

    private static final long CLAIM_MILLIS = Duration.ofSeconds(60).toMillis();
    /** A claim that ends later than this was made by a wrong clock, and is ignored. Clocks may differ by the grace period. */
    private static final long LONGEST_CLAIM_MILLIS = CLAIM_MILLIS + SessionStore.GRACE_PERIOD.toMillis();

    private static final String BASE64URL = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

    private final StatementExecutor executor;
    private final Sql sql;
    private final Records records;
    /** The last key that was examined. */
    private volatile String cursor = randomKey();

    JdbcSweep(StatementExecutor executor, Sql sql, Records records) {
        this.executor = executor;
        this.sql = sql;
        this.records = records;
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
        long expiredBeforeMillis = JdbcTime.epochMillis(expiredBefore);
        OptionalLong claim = claim(expiredBeforeMillis);
        if (claim.isEmpty()) {
            return 0;
        }
        try {
            return new Pass(expiredBeforeMillis, limit, deliver).run();
        } finally {
            releaseClaim(claim.getAsLong());
        }
    }

    // ---- the claim

    /** Takes the claim. Returns the version of its row, or empty if another call has the claim. */
    private OptionalLong claim(long now) {
        long version = ThreadLocalRandom.current().nextLong();
        long end = now + CLAIM_MILLIS;
        int taken = executor.write(executor.deadline(), connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql.claimSweep)) {
                statement.setLong(1, version);
                statement.setLong(2, end);
                statement.setString(3, KeyLayout.SWEEP_CLAIM);
                statement.setLong(4, now);
                statement.setLong(5, now + LONGEST_CLAIM_MILLIS);
                return statement.executeUpdate();
            }
        });
        StoredSession row = new StoredSession(RecordEncoding.NO_PAYLOAD, version, Instant.ofEpochMilli(end), null);
        return taken == 1 || records.insertRow(KeyLayout.SWEEP_CLAIM, row)
                ? OptionalLong.of(version)
                : OptionalLong.empty();
    }

    private void releaseClaim(long version) {
        try {
            records.touchRow(executor.deadline(), KeyLayout.SWEEP_CLAIM, version, version, 0);
        } catch (StoreException e) {
            // The claim expires.
        }
    }

    // ---- the slice of one call

    /** An expired row. */
    private record Expired(String key, StoredSession session) {}

    /** One call's pass over a slice of the table. */
    private final class Pass {
        private final long expiredBefore;
        private final BiConsumer<StoreKey, StoredSession> deliver;
        private final int sliceLength;
        private int remaining;
        private int removed;

        Pass(long expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
            this.expiredBefore = expiredBefore;
            this.deliver = deliver;
            this.remaining = limit;
            this.sliceLength =
                    (int) Math.min(Integer.MAX_VALUE, Math.max(MIN_EXAMINED, (long) EXAMINED_PER_RECORD * limit));
        }

        int run() {
            String start = cursor;
            boolean atEnd = sweepSlice(start, null);
            if (atEnd && remaining > 0) {
                cursor = "";
                sweepSlice("", start);
            }
            return removed;
        }

        /** Sweeps the next slice up to a key, or to the table's end. Returns true if the slice reached it. */
        private boolean sweepSlice(String from, @Nullable String upTo) {
            Optional<String> boundary = findBoundary(from, upTo);
            String end = boundary.orElse(upTo);
            String last = from;
            while (remaining > 0) {
                int batch = Math.min(remaining, BATCH);
                List<Expired> rows = findExpired(last, end, batch);
                for (Expired row : rows) {
                    last = row.key;
                    // Set before the report, so that a listener that always fails at this record does not block the
                    // others.
                    cursor = last;
                    sweepRow(row);
                }
                if (rows.size() < batch) {
                    cursor = end == null ? "" : end;
                    return boundary.isEmpty();
                }
            }
            return false;
        }

        private void sweepRow(Expired row) {
            if (KeyLayout.isSession(row.key)) {
                remaining--;
                deliver.accept(StoreKey.of(row.key), row.session);
                removed += remove(row) ? 1 : 0;
            } else if (KeyLayout.isEpoch(row.key)) {
                remove(row);
            }
        }

        private boolean remove(Expired row) {
            return records.deleteRow(executor.deadline(), row.key, row.session.version());
        }

        /** Returns the last key of the slice, or empty if the range ends before. */
        private Optional<String> findBoundary(String from, @Nullable String upTo) {
            return executor.read(executor.deadline(), connection -> {
                try (PreparedStatement statement =
                        connection.prepareStatement(upTo == null ? sql.boundary : sql.boundaryUpTo)) {
                    int next = bindRange(statement, from, upTo);
                    statement.setInt(next, sliceLength - 1);
                    try (ResultSet row = statement.executeQuery()) {
                        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                    }
                }
            });
        }

        private List<Expired> findExpired(String from, @Nullable String upTo, int batch) {
            return executor.read(executor.deadline(), connection -> {
                try (PreparedStatement statement =
                        connection.prepareStatement(upTo == null ? sql.expired : sql.expiredUpTo)) {
                    int next = bindRange(statement, from, upTo);
                    statement.setLong(next, expiredBefore);
                    statement.setInt(next + 1, batch);
                    try (ResultSet row = statement.executeQuery()) {
                        List<Expired> rows = new ArrayList<>();
                        while (row.next()) {
                            rows.add(new Expired(row.getString(1), RecordEncoding.read(row, 2)));
                        }
                        return rows;
                    }
                }
            });
        }

        /** Binds the bounds of a key range. Returns the index of the next parameter. */
        private int bindRange(PreparedStatement statement, String from, @Nullable String upTo) throws SQLException {
            statement.setString(1, from);
            if (upTo == null) {
                return 2;
            }
            statement.setString(2, upTo);
            return 3;
        }
    }
}
