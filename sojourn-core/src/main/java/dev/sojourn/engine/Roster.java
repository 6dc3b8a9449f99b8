package dev.sojourn.engine;

import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.SubjectIndex;
import dev.sojourn.spi.SubjectIndex.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions belong to whom, so that an end of all overlooks none.
 *
 * <p><b>The protocol.</b> A new record of a user is entered, created, and entered again; only then may its client come
 * to know of it. Both entries tell the user's epoch. An end of all advances the epoch first and looks afterwards. Either
 * it advanced after the second entry: then it finds the record, which stands there whole. Or before: then the two
 * epochs differ, and the new record is given up. The second entry differs from the first, so whoever cleans up behind a
 * record that did not stand there yet cleans up the first one only.
 */
final class Roster {
    /** Longer than any request hangs between its two entries; see {@link #LONGEST_DOUBT}. */
    private static final Duration EPOCH_KEPT = Duration.ofHours(1);
    /**
     * Whoever was stopped for longer may have missed that an epoch came and was forgotten, and gives up. Told by both
     * clocks: the one that only moves forward may stand still with a machine that does, the other one may be set.
     */
    private static final Duration LONGEST_DOUBT = Duration.ofMinutes(10);

    private static final Duration ONE_TICK = Duration.ofMillis(1);

    private final Optional<SubjectIndex> index;
    private final Deadlines deadlines;
    private final HungCalls hung;
    private final Pacer pacer;

    Roster(SessionStore store, Deadlines deadlines, HungCalls hung, Pacer pacer) {
        this.index = store.subjectIndex();
        this.hung = hung;
        this.deadlines = deadlines;
        this.pacer = pacer;
    }

    /** A record of a user on its way into the store. */
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
         * Makes sure that no end of all has come in between.
         *
         * @throws SessionEndedException if one has, and the record must not be used
         */
        void confirm(Supplier<Instant> clock, Events events) {
            long now = call(() -> index().enter(subject, key, until.plus(ONE_TICK)), events);
            boolean tooLate = pacer.nanoTime() - since > LONGEST_DOUBT.toNanos()
                    || Duration.between(at, clock.get()).compareTo(LONGEST_DOUBT) > 0;
            if (now != epoch || tooLate) {
                throw new SessionEndedException();
            }
        }
    }

    /** Enters a record that is about to be created; null if it belongs to nobody or the store keeps no index. */
    @Nullable
    Entered enter(StoreKey key, SessionRecord record, Instant now, Events events) {
        String subject = record.subject();
        if (subject == null || index.isEmpty()) {
            return null;
        }
        Instant until = until(record, now);
        // Before the call: what that takes counts.
        long since = pacer.nanoTime();
        long epoch = call(() -> index.get().enter(subject, key, until), events);
        return new Entered(subject, key, until, epoch, now, since);
    }

    /**
     * Enters a record anew that is about to be replaced by one that may last longer. Before, not after: an entry that is
     * kept too long is dropped by whoever looks, one that is not kept long enough hides a session. For the same reason an
     * entry is never shortened.
     */
    void lengthen(StoreKey key, SessionRecord before, SessionRecord next, Instant now, Events events) {
        if (until(next, now).isAfter(until(before, now))) {
            enter(key, next, now, events);
        }
    }

    private Instant until(SessionRecord record, Instant now) {
        Instant end = deadlines.absoluteEnd(record);
        return end == null ? now.plus(Deadlines.LONGEST) : end;
    }

    // ---- for those who look

    /** Makes every sign-in that is under way fail. */
    void advance(String subject, Instant now, Events events) {
        call(
                () -> {
                    index().advanceEpoch(subject, now.plus(EPOCH_KEPT));
                    return true;
                },
                events);
    }

    List<Entry> find(String subject, @Nullable Entry after, int limit, Events events) {
        return call(() -> index().find(subject, after, limit), events);
    }

    /** Drops an entry whose record is gone. If that fails it stays until its time has come. */
    void drop(String subject, Entry entry, Events events) {
        try {
            hung.call(() -> {
                index().drop(subject, entry);
                return true;
            });
        } catch (StoreException e) {
            events.storeAway(e);
        }
    }

    private SubjectIndex index() {
        return index.orElseThrow();
    }

    private <T> T call(Supplier<T> call, Events events) {
        try {
            return hung.call(call);
        } catch (StoreException e) {
            events.storeAway(e);
            throw new SessionUnavailableException(
                    Reason.STORE_AWAY, "the index of users cannot be reached: " + e.getMessage(), e);
        }
    }
}
