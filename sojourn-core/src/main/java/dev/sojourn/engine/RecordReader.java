package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads records: judges what is stored, removes what has expired or cannot be read, and corrects what a wrong clock wrote. */
final class RecordReader {
    private final ConfirmingStore store;
    private final RecordFormat format;
    private final Deadlines deadlines;
    private final Clock clock;
    private final UserIndexProtocol userIndex;
    private final ClockComparison clocks;
    private final RetryPacer pacer;

    RecordReader(
            EngineSettings settings,
            ConfirmingStore store,
            UserIndexProtocol userIndex,
            ClockComparison clocks,
            RetryPacer pacer) {
        this.store = store;
        this.format = settings.recordFormat;
        this.deadlines = settings.deadlines;
        this.clock = settings.clock;
        this.userIndex = userIndex;
        this.clocks = clocks;
        this.pacer = pacer;
    }

    /**
     * Reads the record of a key. A record that is unreadable, or expired by this node's clock and by the store's own, is
     * removed at once if it is still the one that was found: that decides, so that no clock revives it later. Whichever
     * request removes it notifies the listener. If that is unclear, the listener is notified at least once.
     */
    StoredState load(StoreKey key, EventBuffer events) {
        Optional<StoredSession> stored = store.load(key, events);
        Deadline deadline = Deadline.after(SessionRecords.COMMIT_TIMEOUT, pacer::nanoTime);
        while (stored.isPresent()) {
            Instant now = clock.instant();
            StoredState found = judge(key, stored.get(), now);
            RecordSnapshot corrected =
                    found instanceof StoredState.Live live ? correction(live.snapshot(), now, events) : null;
            if (corrected == null && !isToBeRemoved(found, events)) {
                return notRemoved(key, found);
            }
            Outcome outcome;
            try {
                outcome = tidy(key, stored.get().version(), corrected);
            } catch (StoreException e) {
                events.storeUnavailable(e);
                return afterFailure(key, found, e, events);
            }
            if (!(outcome instanceof Outcome.Lost lost)) {
                return corrected != null
                        ? new StoredState.Live(corrected)
                        : afterRemoval(key, found, stored.get(), events);
            }
            if (deadline.hasPassed()) {
                return notRemoved(key, found);
            }
            stored = lost.current();
        }
        return new StoredState.Absent();
    }

    /** Judges what a lost write found under its key. */
    StoredState judge(StoreKey key, Outcome.Lost lost) {
        return lost.current().isEmpty()
                ? new StoredState.Absent()
                : judge(key, lost.current().get(), clock.instant());
    }

    private StoredState judge(StoreKey key, StoredSession stored, Instant now) {
        SessionRecord record;
        try {
            record = format.read(stored);
        } catch (UnreadableRecordException e) {
            return new StoredState.Unreadable();
        }
        if (record.isRetired()) {
            return now.isBefore(stored.expiresAt())
                    ? new StoredState.Retired(stored, record)
                    : new StoredState.Absent();
        }
        Timeout passed = deadlines.passedTimeout(stored.expiresAt(), record, now);
        record = record.withAttributes(TimeMark.withoutEnded(record.attributes(), now));
        return passed == null
                ? new StoredState.Live(new RecordSnapshot(key, stored, record))
                : new StoredState.Expired(stored, record, passed);
    }

    /** Removes a record, or replaces it with a corrected one: one attempt. */
    private Outcome tidy(StoreKey key, long version, @Nullable RecordSnapshot corrected) {
        return corrected != null
                ? store.tryCompareAndSet(key, version, corrected.stored())
                : store.tryDelete(key, version);
    }

    private StoredState afterRemoval(StoreKey key, StoredState found, StoredSession stored, EventBuffer events) {
        userIndex.leave(stored.subject(), key, events);
        reportEnd(key, found, events);
        return found;
    }

    private boolean isToBeRemoved(StoredState found, EventBuffer events) {
        return found instanceof StoredState.Unreadable
                || (found instanceof StoredState.Expired expired && hasExpiredByStoreClock(expired, events));
    }

    private boolean hasExpiredByStoreClock(StoredState.Expired expired, EventBuffer events) {
        Instant storeTime = clocks.ask(events);
        return storeTime != null
                && deadlines.passedTimeout(expired.stored().expiresAt(), expired.record(), storeTime) != null;
    }

    /** Returns what was found as something that is still stored. */
    private static StoredState notRemoved(StoreKey key, StoredState found) {
        if (found instanceof StoredState.Expired expired) {
            return new StoredState.Doubtful(new RecordSnapshot(key, expired.stored(), expired.record()));
        }
        return found instanceof StoredState.Unreadable ? new StoredState.UnreadableKept() : found;
    }

    /**
     * Corrects a record that reaches further into the future than the configuration allows, by this node's clock and by the
     * store's own; null where they do not agree on that. The corrected record lasts as long as the configuration allows.
     */
    private @Nullable RecordSnapshot correction(RecordSnapshot found, Instant now, EventBuffer events) {
        // Another library's records last as long as that library decides.
        if (!format.canRetire() || !deadlines.isAhead(found.stored().expiresAt(), found.record(), now)) {
            return null;
        }
        Instant storeTime = clocks.ask(events);
        if (storeTime == null || !deadlines.isAhead(found.stored().expiresAt(), found.record(), storeTime)) {
            return null;
        }
        Instant later = storeTime.isAfter(now) ? storeTime.truncatedTo(ChronoUnit.MILLIS) : now;
        // A lease that the same clock has timed might hold for years.
        SessionRecord free = found.record().withLease(null);
        boolean begunAhead = free.createdAt().isAfter(later);
        SessionRecord record = deadlines.stamp(begunAhead ? free.withCreatedAt(later) : free, later);
        return new RecordSnapshot(found.key(), format.write(record, deadlines.expiry(record, null, later)), record);
    }

    /** The removal may have happened. The client keeps its token: it may come again. */
    private StoredState afterFailure(StoreKey key, StoredState found, StoreException failure, EventBuffer events) {
        boolean mayBeRemoved = found instanceof StoredState.Unreadable
                || (found instanceof StoredState.Expired && failure.isUnknown());
        if (mayBeRemoved) {
            reportEnd(key, found, events);
        }
        return notRemoved(key, found);
    }

    private void reportEnd(StoreKey key, StoredState removed, EventBuffer events) {
        if (removed instanceof StoredState.Expired expired) {
            if (RememberSettings.isBrowser(expired.record())) {
                return;
            }
            SessionInfo info =
                    deadlines.info(key, expired.record(), expired.stored().expiresAt());
            events.add(listener -> listener.onExpired(info, expired.cause()));
        } else {
            events.unreadableRecord(SessionIds.publicId(key));
        }
    }
}
