package dev.sojourn.engine;

import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.spi.UserIndex.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the user index consistent with the records, so that {@code endAll()} misses no session.
 *
 * <p><b>The protocol.</b> A new record of a user is entered, created, and entered again; only then may its client receive its
 * id. Both entries return the user's epoch. {@code endAll()} advances the epoch first and searches afterwards. Either it
 * advanced after the second entry: then it finds the complete record. Or before: then the two epochs differ, and the new
 * record is withdrawn. The second entry differs from the first, so a scan that drops the entry of a record that was not
 * stored yet drops the first one only.
 *
 * <p><b>How long an entry lasts.</b> As long as its session: a record that ends or is retired removes its entry, and the
 * entry of a session in use is renewed once in each day of its life.
 */
final class UserIndexProtocol {
    /** Longer than any request hangs between its two entries; see {@link #LONGEST_PAUSE}. */
    private static final Duration EPOCH_KEPT = UserIndex.MIN_EPOCH_LIFETIME;
    /**
     * A request paused longer than this may have missed an epoch that has since been dropped, so it gives up. Measured by both
     * clocks: the monotonic clock may stop together with its machine, and the system clock may be set.
     */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private static final Duration ONE_TICK = Duration.ofMillis(1);
    /** How often the entry of a session in use is renewed. */
    private static final Duration RENEWED_EVERY = Duration.ofDays(1);

    private final Optional<UserIndex> index;
    private final Deadlines deadlines;
    private final HungCallLimit hung;
    private final RetryPacer pacer;

    UserIndexProtocol(SessionStore store, Deadlines deadlines, HungCallLimit hung, RetryPacer pacer) {
        this.index = store.userIndex();
        this.hung = hung;
        this.deadlines = deadlines;
        this.pacer = pacer;
    }

    /** A user's record that has been entered but not confirmed. */
    final class Entered {
        private final String subject;
        private final StoreKey key;
        private final Instant until;
        private final long epoch;
        private final Instant at;
        private final long since;

        private Entered(String subject, StoreKey key, Instant until, long epoch, Instant at, long since) {
            this.subject = subject;
            this.key = key;
            this.until = until;
            this.epoch = epoch;
            this.at = at;
            this.since = since;
        }

        /**
         * Enters the record again, and checks that no {@code endAll()} has come in between.
         *
         * @throws SessionEndedException if one has; the record must not be used then
         */
        void confirm(Supplier<Instant> clock, EventBuffer events) {
            long now = call(() -> index().enter(subject, key, until.plus(ONE_TICK)), events);
            boolean tooLate = pacer.nanoTime() - since > LONGEST_PAUSE.toNanos()
                    || Duration.between(at, clock.get()).compareTo(LONGEST_PAUSE) > 0;
            if (now != epoch || tooLate) {
                throw new SessionEndedException();
            }
        }
    }

    /** Enters a record that is about to be created; null if it has no subject or the store has no user index. */
    @Nullable
    Entered enter(StoreKey key, SessionRecord record, Instant now, EventBuffer events) {
        String subject = record.subject();
        if (subject == null || index.isEmpty()) {
            return null;
        }
        Instant until = until(record, now);
        // Read before the call, whose duration counts.
        long since = pacer.nanoTime();
        long epoch = call(() -> index.get().enter(subject, key, until), events);
        return new Entered(subject, key, until, epoch, now, since);
    }

    /**
     * Renews the entry of a record that is about to be replaced or touched, where the entry might not last as long. Before, not
     * after: an entry that is kept too long is dropped by the next scan, one that is not kept long enough hides a session. For
     * the same reason an entry is never shortened.
     */
    void renew(RecordSnapshot before, SessionRecord next, Instant nextExpiry, Instant now, EventBuffer events) {
        if (next.subject() == null || index.isEmpty()) {
            return;
        }
        boolean lastsLonger = until(next, now).isAfter(until(before.record(), now))
                || nextExpiry.isAfter(before.stored().expiresAt().plus(RENEWED_EVERY));
        if (lastsLonger || isNewDay(before, now)) {
            enter(before.key(), next, now, events);
        }
    }

    /** Whether this is the session's first use on this day of its life. */
    private boolean isNewDay(RecordSnapshot before, Instant now) {
        Instant begun = before.record().createdAt();
        Instant last = deadlines.lastAccess(before.stored().expiresAt(), before.record());
        return day(begun, now) > day(begun, last);
    }

    private static long day(Instant begun, Instant time) {
        return Math.floorDiv(time.toEpochMilli() - begun.toEpochMilli(), RENEWED_EVERY.toMillis());
    }

    /**
     * Returns when an entry may be dropped: the later of the absolute end, and of now plus the idle timeout plus two renewal
     * intervals. The second covers a session without an absolute end, and one whose absolute end the configuration puts off.
     */
    private Instant until(SessionRecord record, Instant now) {
        Instant used = now.plus(deadlines.idle(record.settings())).plus(RENEWED_EVERY.multipliedBy(2));
        Instant end = deadlines.absoluteEnd(record);
        return end == null || end.isBefore(used) ? used : end;
    }

    /**
     * Drops the entry of a record that was just removed or retired. If that fails, the next scan drops it.
     */
    void leave(@Nullable String subject, StoreKey key, EventBuffer events) {
        if (subject == null || index.isEmpty()) {
            return;
        }
        try {
            hung.call(() -> {
                index().removeKey(subject, key);
                return true;
            });
        } catch (StoreException e) {
            events.storeUnavailable(e);
        }
    }

    // ---- for scans

    /** Advances the epoch, which makes every sign-in in progress fail. */
    void advanceEpoch(String subject, Instant now, EventBuffer events) {
        call(
                () -> {
                    index().advanceEpoch(subject, now.plus(EPOCH_KEPT));
                    return true;
                },
                events);
    }

    List<Entry> find(String subject, @Nullable Entry after, int limit, EventBuffer events) {
        return call(() -> index().find(subject, after, limit), events);
    }

    /** Drops an entry that leads to no session of its user. If that fails, it stays until its time has come. */
    void drop(String subject, Entry entry, EventBuffer events) {
        try {
            hung.call(() -> {
                index().drop(subject, entry);
                return true;
            });
        } catch (StoreException e) {
            events.storeUnavailable(e);
        }
    }

    private UserIndex index() {
        return index.orElseThrow();
    }

    private <T> T call(Supplier<T> call, EventBuffer events) {
        try {
            return hung.call(call);
        } catch (StoreException e) {
            events.storeUnavailable(e);
            throw new SessionUnavailableException(
                    Reason.STORE_UNAVAILABLE, "the index of users cannot be reached: " + e.getMessage(), e);
        }
    }
}
