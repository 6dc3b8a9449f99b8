package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.StoreKey;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Computes timeouts, without a clock. The expiry stored with a record is its last access plus its idle timeout, and is never cut
 * to the absolute end, so that the last access can be derived from it. The absolute end is computed from the record's
 * beginning, and nothing extends it.
 *
 * @param idleTimeout the configured idle timeout; zero for none
 * @param absoluteTimeout the configured absolute timeout; zero for none
 * @param touchInterval how long a session is read before a read extends its idle timeout
 */
record Deadlines(Duration idleTimeout, Duration absoluteTimeout, Duration touchInterval) {
    /** The longest timeout, so that no sum overflows. */
    static final Duration LONGEST = Duration.ofDays(3_650);
    /** How long a retired record is kept for late requests: longer than any request that matters. */
    static final Duration RETIRED_RETENTION = Duration.ofMinutes(5);

    /** How far ahead of a clock a record may be before it counts as written by a wrong clock. */
    private static final Duration FAR_AHEAD = Duration.ofHours(1);

    Duration idle(SessionSettings settings) {
        return settings.idleTimeout() != null ? settings.idleTimeout() : idleTimeout;
    }

    Duration absolute(SessionSettings settings) {
        return settings.absoluteTimeout() != null ? settings.absoluteTimeout() : absoluteTimeout;
    }

    /** Returns the timeout that has passed; null if the session is live. */
    @Nullable
    Timeout passedTimeout(Instant expiresAt, SessionRecord record, Instant now) {
        Instant end = absoluteEnd(record);
        if (end != null && !now.isBefore(end)) {
            return Timeout.ABSOLUTE;
        }
        return now.isBefore(expiresAt) ? null : Timeout.IDLE;
    }

    /**
     * Whether a record reaches more than an hour further into the future than a session that is used now may: a wrong clock
     * wrote it, or a configuration with a longer timeout.
     */
    boolean isAhead(Instant expiresAt, SessionRecord record, Instant now) {
        // In milliseconds, as in touchDue.
        long latest = now.toEpochMilli() + FAR_AHEAD.toMillis();
        if (record.createdAt().toEpochMilli() > latest) {
            return true;
        }
        Duration idle = idle(record.settings());
        return idle.isZero()
                ? lastAccess(expiresAt, record).toEpochMilli() > latest
                : expiresAt.toEpochMilli() - idle.toMillis() > latest;
    }

    /** Returns when the session ends if it is not used again. */
    Instant end(Instant expiresAt, SessionRecord record) {
        Instant end = absoluteEnd(record);
        return end == null || expiresAt.isBefore(end) ? expiresAt : end;
    }

    /** Returns what the listener receives about a session. */
    SessionInfo info(StoreKey key, SessionRecord record, Instant expiresAt) {
        return new SessionInfo(SessionIds.publicId(key), record.subject(), record.createdAt(), end(expiresAt, record));
    }

    /** Returns the last access that a record with this expiry contains. */
    Instant lastAccess(Instant expiresAt, SessionRecord record) {
        Duration idle = idle(record.settings());
        if (idle.isZero()) {
            return record.writtenAt() != null ? record.writtenAt() : record.createdAt();
        }
        return expiresAt.minus(idle);
    }

    /** Returns the last access as the handler sees it: never later than now, although another node's clock may be ahead. */
    Instant lastAccess(Instant expiresAt, SessionRecord record, Instant now) {
        Instant last = lastAccess(expiresAt, record);
        return last.isAfter(now) ? now : last;
    }

    /**
     * Returns the expiry of a record that is accessed now. Never earlier than its last access requires, however the clocks of
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

    /** Whether a read extends the session's idle timeout now. */
    boolean touchDue(Instant expiresAt, SessionRecord record, Instant now) {
        Duration idle = idle(record.settings());
        if (idle.isZero()) {
            return false;
        }
        long unused = now.toEpochMilli() - (expiresAt.toEpochMilli() - idle.toMillis());
        return unused > 0 && unused >= interval(idle);
    }

    /** Returns when a read extends the idle timeout next, in epoch milliseconds; {@code Long.MAX_VALUE} without an idle timeout. */
    long touchDueAt(Instant expiresAt, SessionRecord record) {
        Duration idle = idle(record.settings());
        return idle.isZero() ? Long.MAX_VALUE : expiresAt.toEpochMilli() - idle.toMillis() + interval(idle);
    }

    /** In milliseconds: Duration.dividedBy uses BigDecimal, and every read calls this. */
    private long interval(Duration idle) {
        return Math.min(touchInterval.toMillis(), idle.toMillis() / 2);
    }

    /** Returns the record as it is written at this time: without an idle timeout it has to contain the time. */
    SessionRecord stamp(SessionRecord record, Instant now) {
        return idle(record.settings()).isZero() ? record.withWrittenAt(now) : clean(record);
    }

    private static SessionRecord clean(SessionRecord record) {
        return record.writtenAt() == null ? record : record.withWrittenAt(null);
    }

    /** Returns when the session ends in any case; null if its absolute timeout is switched off. */
    @Nullable
    Instant absoluteEnd(SessionRecord record) {
        Duration absolute = absolute(record.settings());
        return absolute.isZero() ? null : record.createdAt().plus(absolute);
    }
}
