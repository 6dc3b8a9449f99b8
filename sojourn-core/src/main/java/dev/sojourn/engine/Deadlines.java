package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Judges time, without a clock. The expiry beside a record is its last access plus its idle timeout and is never cut to
 * the absolute end, so that the last access can be told from it; the absolute end is judged from the record's beginning,
 * and nothing extends it.
 *
 * @param idleTimeout the configured idle timeout; zero for none
 * @param absoluteTimeout the configured absolute timeout; zero for none
 * @param touchInterval how long an idle timeout goes without being restarted by a read
 */
record Deadlines(Duration idleTimeout, Duration absoluteTimeout, Duration touchInterval) {
    /** The longest timeout, so that no sum overflows. */
    static final Duration LONGEST = Duration.ofDays(3_650);
    /** How long a retired record tells late requests what happened: longer than any request that matters. */
    static final Duration RETIRED_RETENTION = Duration.ofMinutes(5);

    /** By how much the clocks of two nodes, or of a node and its store, may differ without anybody being wrong. */
    static final Duration GRACE = Duration.ofMinutes(5);

    /** By how much a record may be ahead of a clock until it counts as written by one that was wrong. */
    private static final Duration FAR_AHEAD = Duration.ofHours(1);

    Duration idle(SessionSettings settings) {
        return settings.idleTimeout() != null ? settings.idleTimeout() : idleTimeout;
    }

    Duration absolute(SessionSettings settings) {
        return settings.absoluteTimeout() != null ? settings.absoluteTimeout() : absoluteTimeout;
    }

    /** Which timeout has passed, or null if the session lives. */
    @Nullable
    Timeout passed(StoredSession stored, SessionRecord record, Instant now) {
        Instant end = absoluteEnd(record);
        if (end != null && !now.isBefore(end)) {
            return Timeout.ABSOLUTE;
        }
        return now.isBefore(stored.expiresAt()) ? null : Timeout.IDLE;
    }

    /**
     * Whether a record reaches further into the future, by more than an hour, than a session that is used now may: a clock that
     * was wrong wrote it, or a configuration with a longer timeout.
     */
    boolean isAhead(StoredSession stored, SessionRecord record, Instant now) {
        // In milliseconds, as in touchDue.
        long latest = now.toEpochMilli() + FAR_AHEAD.toMillis();
        if (record.createdAt().toEpochMilli() > latest) {
            return true;
        }
        Duration idle = idle(record.settings());
        return idle.isZero()
                ? lastAccess(stored, record).toEpochMilli() > latest
                : stored.expiresAt().toEpochMilli() - idle.toMillis() > latest;
    }

    /** When the session ends if nobody comes back. */
    Instant end(Instant expiresAt, SessionRecord record) {
        Instant end = absoluteEnd(record);
        return end == null || expiresAt.isBefore(end) ? expiresAt : end;
    }

    /** What the listener is told of a session. */
    SessionInfo info(StoreKey key, SessionRecord record, Instant expiresAt) {
        return new SessionInfo(SessionIds.handle(key), record.subject(), record.createdAt(), end(expiresAt, record));
    }

    /** The last access that a stored record tells of. */
    Instant lastAccess(StoredSession stored, SessionRecord record) {
        Duration idle = idle(record.settings());
        if (idle.isZero()) {
            return record.writtenAt() != null ? record.writtenAt() : record.createdAt();
        }
        return stored.expiresAt().minus(idle);
    }

    /** The last access as a session tells it: the clock of another node may be ahead, but nobody accessed it later than now. */
    Instant lastAccess(RecordSnapshot snapshot, Instant now) {
        Instant last = lastAccess(snapshot.stored(), snapshot.record());
        return last.isAfter(now) ? now : last;
    }

    /**
     * The expiry of a record that is accessed now. Never earlier than its own last access asks for, however the clocks of
     * two nodes differ.
     */
    Instant expiry(SessionRecord record, @Nullable Instant lastAccess, Instant now) {
        Duration idle = idle(record.settings());
        if (idle.isZero()) {
            return record.createdAt().plus(absolute(record.settings()));
        }
        Instant access = lastAccess != null && lastAccess.isAfter(now) ? lastAccess : now;
        return access.plus(idle);
    }

    /** Whether a session that is only read restarts its idle timeout now. */
    boolean touchDue(StoredSession stored, SessionRecord record, Instant now) {
        Duration idle = idle(record.settings());
        if (idle.isZero()) {
            return false;
        }
        long unused = now.toEpochMilli() - (stored.expiresAt().toEpochMilli() - idle.toMillis());
        return unused > 0 && unused >= interval(idle);
    }

    /** When a session that is only read restarts its idle timeout, in milliseconds; never, if it has none. */
    long touchDueAt(StoredSession stored, SessionRecord record) {
        Duration idle = idle(record.settings());
        return idle.isZero() ? Long.MAX_VALUE : stored.expiresAt().toEpochMilli() - idle.toMillis() + interval(idle);
    }

    /** In milliseconds: Duration.dividedBy goes through BigDecimal, and this is asked with every read. */
    private long interval(Duration idle) {
        return Math.min(touchInterval.toMillis(), idle.toMillis() / 2);
    }

    /** The record as it is written at this time: without an idle timeout it has to remember the time itself. */
    SessionRecord stamped(SessionRecord record, Instant now) {
        return idle(record.settings()).isZero() ? record.writtenAt(now) : clean(record);
    }

    private static SessionRecord clean(SessionRecord record) {
        return record.writtenAt() == null ? record : record.writtenAt(null);
    }

    /** When the session ends whatever happens, or null if its absolute timeout is switched off. */
    @Nullable
    Instant absoluteEnd(SessionRecord record) {
        Duration absolute = absolute(record.settings());
        return absolute.isZero() ? null : record.createdAt().plus(absolute);
    }
}
