package dev.sojourn.engine;

import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of records when several requests want something of one. Asks the store through {@link ConfirmingStore}, and nobody
 * else does.
 *
 * <p><b>Conflicts.</b> A lost compare-and-set brings back what stands there now; the changes are replayed on it until the
 * deadline, with growing random pauses. Ending a session retries without pause.
 *
 * <p><b>New ids.</b> The new record is created first. The new id exists for the client only when the old record was
 * retired by its one compare-and-set. Whoever dies in between leaves the old session whole.
 */
final class SessionRecords {
    /** How long a commit may take: replays, pauses and waiting for others together. */
    static final Duration COMMIT_DEADLINE = Duration.ofSeconds(5);

    private static final int NEW_ID_TRIES = 3;

    private final ConfirmingStore store;
    private final RecordFormat format;
    private final Deadlines deadlines;
    private final RecordSizeLimit sizes;
    private final Clock clock;
    private final Supplier<String> ids;
    private final RetryPacer pacer;
    private final CommitQueue queue;
    private final UserIndexProtocol roster;
    private final ClockComparison time;

    SessionRecords(EngineSettings settings, RetryPacer pacer) {
        HungCallLimit hung = HungCallLimit.of(settings.store, settings.maxHungStoreCalls, pacer);
        this.store = new ConfirmingStore(settings.store, hung, pacer);
        this.format = settings.records;
        this.deadlines = settings.deadlines;
        this.sizes = new RecordSizeLimit(settings.records, settings.maxSessionBytes, settings.maxAttributes);
        this.clock = settings.clock;
        this.ids = settings.ids;
        this.pacer = pacer;
        this.queue = new CommitQueue(COMMIT_DEADLINE, settings.maxWaitingSaves, pacer);
        this.roster = new UserIndexProtocol(settings.store, settings.deadlines, hung, pacer);
        this.time = new ClockComparison(settings.store, hung);
    }

    UserIndexProtocol roster() {
        return roster;
    }

    ClockComparison time() {
        return time;
    }

    /** The time, as exact as records keep it. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    String newId() {
        return ids.get();
    }

    StoreKey keyOf(String id) {
        return format.keyOf(id);
    }

    // ---- reading

    /**
     * What stands under a key. What is found unreadable, and what has expired by this node's clock and by the store's own, is
     * removed at once, if it still is what was found: that decides, so that no clock brings it back later. The listener hears of
     * it from the request that removes it, whatever for it was looked at; where the store does not say who that was, rather
     * twice than never.
     */
    StoredState load(StoreKey key, EventBuffer events) {
        Optional<StoredSession> stored = store.load(key, events);
        long giveUp = deadline();
        while (stored.isPresent()) {
            Instant now = now();
            StoredState found = judge(key, stored.get(), now);
            RecordSnapshot corrected =
                    found instanceof StoredState.Live live ? correction(live.snapshot(), now, events) : null;
            if (corrected == null && !isToBeRemoved(found, events)) {
                return unsettled(key, found);
            }
            long version = stored.get().version();
            Outcome outcome;
            try {
                outcome = corrected != null
                        ? store.tryCompareAndSet(key, version, corrected.stored())
                        : store.tryDelete(key, version);
            } catch (StoreException e) {
                events.storeAway(e);
                return perhapsDone(key, found, e, events);
            }
            if (outcome instanceof Outcome.Done) {
                return corrected != null ? new StoredState.Live(corrected) : removed(key, found, stored.get(), events);
            }
            if (pacer.nanoTime() > giveUp) {
                return unsettled(key, found);
            }
            stored = ((Outcome.Lost) outcome).current();
        }
        return new StoredState.Absent();
    }

    private StoredState removed(StoreKey key, StoredState found, StoredSession stored, EventBuffer events) {
        roster.leave(stored.subject(), key, events);
        tellOver(key, found, events);
        return found;
    }

    private boolean isToBeRemoved(StoredState found, EventBuffer events) {
        return found instanceof StoredState.Unreadable
                || (found instanceof StoredState.Expired expired && isOver(expired, events));
    }

    /** What was found, where it stands as it was found. */
    private static StoredState unsettled(StoreKey key, StoredState found) {
        if (found instanceof StoredState.Expired expired) {
            return new StoredState.Doubtful(new RecordSnapshot(key, expired.stored(), expired.record()));
        }
        return found instanceof StoredState.Unreadable unreadable
                ? new StoredState.Unreadable(unreadable.stored(), false)
                : found;
    }

    /** The store's own clock agrees. */
    private boolean isOver(StoredState.Expired expired, EventBuffer events) {
        Instant its = time.ask(events);
        return its != null && deadlines.passed(expired.stored(), expired.record(), its) != null;
    }

    /**
     * What a record is to be that reaches further into the future than the configuration allows, by this node's clock and by
     * the store's own; null where they do not both say so. From now on it lasts as long as the configuration allows.
     */
    private @Nullable RecordSnapshot correction(RecordSnapshot found, Instant now, EventBuffer events) {
        // Another library's records last as long as it says.
        if (!format.canRetire() || !deadlines.isAhead(found.stored(), found.record(), now)) {
            return null;
        }
        Instant its = time.ask(events);
        if (its == null || !deadlines.isAhead(found.stored(), found.record(), its)) {
            return null;
        }
        Instant later = its.isAfter(now) ? its.truncatedTo(ChronoUnit.MILLIS) : now;
        // A lease that the same clock has timed might hold for years.
        SessionRecord free = found.record().leased(null);
        boolean begunAhead = free.createdAt().isAfter(later);
        SessionRecord record = deadlines.stamped(begunAhead ? free.begunAt(later) : free, later);
        return new RecordSnapshot(found.key(), format.write(record, deadlines.expiry(record, null, later)), record);
    }

    /** The client keeps its token: it may come again. */
    private StoredState perhapsDone(StoreKey key, StoredState found, StoreException doubt, EventBuffer events) {
        boolean told =
                found instanceof StoredState.Unreadable || (found instanceof StoredState.Expired && doubt.unknown());
        if (told) {
            tellOver(key, found, events);
        }
        return unsettled(key, found);
    }

    private void tellOver(StoreKey key, StoredState over, EventBuffer events) {
        if (over instanceof StoredState.Expired expired) {
            SessionInfo info =
                    deadlines.info(key, expired.record(), expired.stored().expiresAt());
            events.add(heard -> heard.onExpired(info, expired.cause()));
        } else {
            events.unreadableRecord(SessionIds.handle(key));
        }
    }

    private StoredState judge(StoreKey key, StoredSession stored, Instant now) {
        SessionRecord record;
        try {
            record = format.read(stored);
        } catch (UnreadableRecordException e) {
            return new StoredState.Unreadable(stored, true);
        }
        if (record.isRetired()) {
            return now.isBefore(stored.expiresAt())
                    ? new StoredState.Retired(stored, record)
                    : new StoredState.Absent();
        }
        Timeout passed = deadlines.passed(stored, record, now);
        return passed == null
                ? new StoredState.Live(new RecordSnapshot(key, stored, record))
                : new StoredState.Expired(stored, record, passed);
    }

    // ---- touching

    /** Restarts the idle timeout; null if somebody else wrote meanwhile or the store did not answer: neither matters. */
    @Nullable
    RecordSnapshot touch(RecordSnapshot snapshot, EventBuffer events) {
        StoredSession stored = snapshot.stored();
        StoredSession touched = new StoredSession(
                stored.payload(), format.touchedVersion(stored), expiry(snapshot.record(), snapshot), stored.subject());
        try {
            roster.renew(snapshot, snapshot.record(), touched.expiresAt(), now(), events);
        } catch (SessionUnavailableException e) {
            return null;
        }
        return store.touch(snapshot.key(), stored.version(), touched, events)
                ? new RecordSnapshot(snapshot.key(), touched, snapshot.record())
                : null;
    }

    /** Writes the record as it was loaded; null if somebody changed it: a save of nothing never fights a change. */
    @Nullable
    RecordSnapshot resave(RecordSnapshot snapshot, EventBuffer events) {
        RecordSnapshot written = written(snapshot.key(), snapshot.record(), snapshot);
        return replaced(snapshot, written, events) instanceof Outcome.Done ? written : null;
    }

    // ---- writing

    /** Saves changes to a live record, together with those that wait for the same one. */
    Commit.Result replace(Commit commit, EventBuffer events) {
        return queue.submit(commit, (batch, recent) -> saveTogether(batch, recent, events));
    }

    private @Nullable RecordSnapshot saveTogether(
            CommitBatch batch, @Nullable RecordSnapshot recent, EventBuffer events) {
        RecordSnapshot base = recent != null ? recent : batch.latestBase();
        // What was accepted here before may have been replaced by another node since, so that "nothing to change" on it
        // proves nothing: a request that loaded something newer is written, and the store decides.
        boolean known = batch.isBasedOn(base.version());
        long giveUp = deadline();
        for (int conflicts = 0; ; ) {
            SessionRecord record = batch.applyTo(base.record(), this::checked);
            if (batch.isEmpty()) {
                return base;
            }
            if (!batch.seal()) {
                continue;
            }
            boolean same = known && unchanged(record, base);
            RecordSnapshot next = same ? base : written(base.key(), record, base);
            Outcome outcome = same ? Outcome.DONE : replaced(base, next, events);
            if (outcome instanceof Outcome.Done) {
                batch.saved(next, !same);
                return next;
            }
            StoredState found = found(base.key(), (Outcome.Lost) outcome);
            if (!(found instanceof StoredState.Live live)) {
                batch.finish(
                        found instanceof StoredState.Retired
                                ? new Commit.Result.Superseded()
                                : new Commit.Result.Ended());
                return null;
            }
            base = live.snapshot();
            known = true;
            conflicts++;
            batch.reopen();
            try {
                waitOrGiveUp(conflicts, giveUp + batch.nanosForOthers(), batch.nanosForItself());
            } catch (SessionUnavailableException e) {
                batch.giveUp(e);
                return base;
            }
        }
    }

    /** Writes a record over another one. A session that lasts longer by it stays in its user's list as long. */
    private Outcome replaced(RecordSnapshot before, RecordSnapshot next, EventBuffer events) {
        roster.renew(before, next.record(), next.stored().expiresAt(), now(), events);
        return store.compareAndSet(before.key(), before.version(), next.stored(), events);
    }

    private SessionRecord checked(SessionRecord before, SessionRecord next) {
        sizes.checkAdded(before, next);
        sizes.check(next, now());
        return next;
    }

    private boolean unchanged(SessionRecord record, RecordSnapshot base) {
        return record.attributes().sameAs(base.record().attributes())
                && record.settings().equals(base.record().settings())
                && !deadlines.touchDue(base.stored(), base.record(), now());
    }

    private StoredState found(StoreKey key, Outcome.Lost lost) {
        return lost.current().isEmpty()
                ? new StoredState.Absent()
                : judge(key, lost.current().get(), now());
    }

    /**
     * A session's first record.
     *
     * @param id the id it was stored under: another one than asked for if that was taken or in doubt
     * @param snapshot the record
     */
    record Created(String id, RecordSnapshot snapshot) {
        /** Never shows the id. */
        @Override
        public String toString() {
            return "Created[" + SessionIds.handle(snapshot.key()) + "]";
        }
    }

    /** Stores a session that has no record. */
    Created create(SessionRecord record, String firstId, EventBuffer events) {
        sizes.check(record, now());
        String id = firstId;
        for (int tries = 0; tries < NEW_ID_TRIES; tries++) {
            RecordSnapshot snapshot = written(format.keyOf(id), record, null);
            if (created(snapshot, events)) {
                return new Created(id, snapshot);
            }
            id = ids.get();
        }
        throw new SessionUnavailableException(
                Reason.STORE_UNAVAILABLE,
                "no new session could be stored under " + NEW_ID_TRIES + " different ids: does genid repeat itself?",
                null);
    }

    /** False if the id is taken or in doubt, so that another one has to be tried. */
    private boolean created(RecordSnapshot snapshot, EventBuffer events) {
        UserIndexProtocol.Entered entered = roster.enter(snapshot.key(), snapshot.record(), now(), events);
        boolean created = store.create(snapshot.key(), snapshot.stored(), events);
        if (created && entered != null) {
            try {
                entered.confirm(this::now, events);
            } catch (RuntimeException | Error e) {
                giveUp(snapshot, events);
                throw e;
            }
        }
        return created;
    }

    /** Takes a record away whose id nobody was told. */
    private void giveUp(RecordSnapshot unpublished, EventBuffer events) {
        if (store.remove(unpublished, events)) {
            roster.leave(unpublished.record().subject(), unpublished.key(), events);
        }
    }

    // ---- exclusive sessions

    /** Writes a record over exactly what was loaded, and gives what stands there then: this or another one. */
    StoredState rewrite(RecordSnapshot snapshot, SessionRecord record, EventBuffer events) {
        RecordSnapshot written = written(snapshot.key(), record, snapshot);
        Outcome outcome = replaced(snapshot, written, events);
        if (outcome instanceof Outcome.Done) {
            return new StoredState.Live(written);
        }
        StoredState found = found(snapshot.key(), (Outcome.Lost) outcome);
        boolean over = found instanceof StoredState.Expired || found instanceof StoredState.Unreadable;
        return over ? load(snapshot.key(), events) : found;
    }

    /**
     * Saves changes of a request that has the session to itself. Replayed only while its lease stands in the record: then
     * somebody wrote who does not ask for leases. If the lease is gone, what this request read is not what stands there.
     *
     * @param after what becomes of the lease
     */
    Commit.Result replaceHeld(Commit commit, String holder, UnaryOperator<SessionRecord> after, EventBuffer events) {
        return queue.alone(commit.base.key(), line -> replaceAlone(commit, holder, after, line, events));
    }

    private Commit.Result replaceAlone(
            Commit commit, String holder, UnaryOperator<SessionRecord> after, CommitLine line, EventBuffer events) {
        RecordSnapshot base = commit.base;
        long giveUp = deadline();
        for (int conflicts = 1; ; conflicts++) {
            SessionRecord loaded = base.record();
            SessionRecord record = after.apply(line.inFunction(() -> commit.on(loaded)));
            checked(loaded, record);
            RecordSnapshot next = written(base.key(), record, base);
            Outcome outcome = replaced(base, next, events);
            if (outcome instanceof Outcome.Done) {
                return new Commit.Result.Saved(next, true, commit.overwritten());
            }
            StoredState found = found(base.key(), (Outcome.Lost) outcome);
            if (!(found instanceof StoredState.Live live)) {
                return found instanceof StoredState.Retired
                        ? new Commit.Result.Superseded()
                        : new Commit.Result.Ended();
            }
            base = live.snapshot();
            checkHeld(base.record(), holder);
            waitOrGiveUp(conflicts, giveUp);
        }
    }

    /** Takes a holder's lease out of a record; null if it is in there no more, whoever took it out. */
    @Nullable
    RecordSnapshot giveBack(RecordSnapshot leased, String holder, EventBuffer events) {
        return isHeld(leased.record(), holder)
                ? queue.<@Nullable RecordSnapshot>urgently(leased.key(), line -> giveBackAlone(leased, holder, events))
                : null;
    }

    private @Nullable RecordSnapshot giveBackAlone(RecordSnapshot leased, String holder, EventBuffer events) {
        RecordSnapshot base = leased;
        long giveUp = deadline();
        for (int conflicts = 1; isHeld(base.record(), holder); conflicts++) {
            RecordSnapshot free = written(base.key(), base.record().leased(null), base);
            Outcome outcome = replaced(base, free, events);
            if (outcome instanceof Outcome.Done) {
                return free;
            }
            if (!(found(base.key(), (Outcome.Lost) outcome) instanceof StoredState.Live live)) {
                return null;
            }
            base = live.snapshot();
            waitOrGiveUp(conflicts, giveUp);
        }
        return null;
    }

    private static boolean isHeld(SessionRecord record, String holder) {
        return record.lease() != null && record.lease().holder().equals(holder);
    }

    /** Throws if a record is no longer this holder's to write. */
    static void checkHeld(SessionRecord record, String holder) {
        if (!isHeld(record, holder)) {
            throw new SessionUnavailableException(
                    Reason.LEASE,
                    "this request kept the session to itself for longer than a lease lasts (c.exclusiveLease), and another"
                            + " one has had it since; nothing was saved",
                    null);
        }
    }

    // ---- asking how the store is

    /** One cheap call; throws what the store throws. */
    void probe() {
        store.probe();
    }

    // ---- new ids

    /** What became of a session that was to get a new id. */
    sealed interface Moved {
        /** It has it. */
        record To(String id, RecordSnapshot snapshot) implements Moved {
            /** Never shows the id. */
            @Override
            public String toString() {
                return "To[" + SessionIds.handle(snapshot.key()) + "]";
            }
        }

        /** It had been ended. */
        record Ended() implements Moved {}

        /** It had got another new id. */
        record Superseded() implements Moved {}
    }

    /** Whether a new session may stand even if the old one turns out to be gone: only if nothing in it came from there. */
    enum IfLost {
        /** The new record is removed. */
        REMOVE,
        /** The new record stays if the old one was ended. */
        STAY_IF_ENDED,
        /** The new record stays in any case. */
        STAY
    }

    /** Gives a session a new id: creates the new record, then retires the old one; the latter decides. */
    Moved move(
            RecordSnapshot old,
            String firstId,
            UnaryOperator<SessionRecord> successor,
            IfLost ifLost,
            EventBuffer events) {
        return queue.alone(
                old.key(),
                line -> moveAlone(
                        old, firstId, record -> line.inFunction(() -> successor.apply(record)), ifLost, events));
    }

    private Moved moveAlone(
            RecordSnapshot old,
            String firstId,
            UnaryOperator<SessionRecord> successor,
            IfLost ifLost,
            EventBuffer events) {
        RecordSnapshot from = old;
        Created made = create(successor.apply(from.record()), firstId, events);
        long giveUp = deadline();
        for (int conflicts = 1; ; conflicts++) {
            Outcome outcome = retire(from, made.snapshot(), events);
            if (outcome instanceof Outcome.Done) {
                roster.leave(from.record().subject(), from.key(), events);
                return new Moved.To(made.id(), made.snapshot());
            }
            StoredState found = found(from.key(), (Outcome.Lost) outcome);
            if (!(found instanceof StoredState.Live live)) {
                return lost(made, found instanceof StoredState.Retired, ifLost, events);
            }
            from = live.snapshot();
            try {
                waitOrGiveUp(conflicts, giveUp);
                made = broughtUpToDate(made, successor.apply(from.record()), events);
            } catch (RuntimeException | Error e) {
                giveUp(made.snapshot(), events);
                throw e;
            }
        }
    }

    /** The call that decides. If it certainly was not done, nothing may be left of a successor that nobody knows. */
    private Outcome retire(RecordSnapshot old, RecordSnapshot successor, EventBuffer events) {
        try {
            return retire(old, successor.key(), events);
        } catch (RuntimeException e) {
            if (!ConfirmingStore.isInDoubt(e)) {
                giveUp(successor, events);
            }
            throw e;
        }
    }

    private Outcome retire(RecordSnapshot old, StoreKey successor, EventBuffer events) {
        if (!format.canRetire()) {
            return store.delete(old.key(), old.version(), 1, deadline(), events);
        }
        StoredSession retired = format.write(old.record().retired(successor), now().plus(Deadlines.RETIRED_RETENTION));
        return store.compareAndSet(old.key(), old.version(), retired, events);
    }

    private Moved lost(Created made, boolean superseded, IfLost ifLost, EventBuffer events) {
        boolean stays = ifLost == IfLost.STAY || (ifLost == IfLost.STAY_IF_ENDED && !superseded);
        if (stays) {
            return new Moved.To(made.id(), made.snapshot());
        }
        giveUp(made.snapshot(), events);
        return superseded ? new Moved.Superseded() : new Moved.Ended();
    }

    private Created broughtUpToDate(Created made, SessionRecord record, EventBuffer events) {
        RecordSnapshot stale = made.snapshot();
        if (record.attributes().sameAs(stale.record().attributes())
                && record.settings().equals(stale.record().settings())) {
            return made;
        }
        sizes.check(record, now());
        RecordSnapshot fresh = written(stale.key(), record, stale);
        Outcome outcome = replaced(stale, fresh, events);
        if (outcome instanceof Outcome.Done) {
            return new Created(made.id(), fresh);
        }
        if (((Outcome.Lost) outcome).current().isEmpty()) {
            // Only an end of all of its user's sessions finds a record that no client knows of.
            throw new SessionEndedException();
        }
        throw ConfirmingStore.inDoubt("a new session that nobody knows of yet was changed by somebody", null);
    }

    // ---- ending

    /**
     * Ends a session, whatever others do with it: retried without pause, and followed to its successor if it got a new
     * id after this request had loaded it.
     *
     * @return false if somebody else had ended it
     */
    boolean end(RecordSnapshot snapshot, EventBuffer events) {
        return queue.urgently(
                        snapshot.key(),
                        line -> endAlone(snapshot.key(), snapshot.stored(), (key, whose) -> true, events))
                .isPresent();
    }

    /**
     * Ends a session, or the one that took its place, if it is one that is meant.
     *
     * @return what was ended; empty if there is no such session any more
     */
    Optional<Removed> end(
            StoreKey key, StoredSession stored, BiPredicate<StoreKey, StoredSession> meant, EventBuffer events) {
        return queue.urgently(key, line -> endAlone(key, stored, meant, events));
    }

    /**
     * A record that was removed.
     *
     * @param key its key
     * @param stored what had stood there
     */
    record Removed(StoreKey key, StoredSession stored) {}

    private Optional<Removed> endAlone(
            StoreKey firstKey, StoredSession first, BiPredicate<StoreKey, StoredSession> meant, EventBuffer events) {
        StoreKey key = firstKey;
        Optional<StoredSession> current = Optional.of(first);
        long giveUp = deadline();
        for (int tries = 1; ; tries++) {
            StoreKey next = current.map(this::successor).orElse(null);
            if (next != null) {
                key = next;
                current = store.load(key, events);
            } else if (current.isEmpty() || !meant.test(key, current.get())) {
                return Optional.empty();
            } else {
                StoredSession ending = current.get();
                Outcome outcome = store.delete(key, ending.version(), tries, giveUp, events);
                if (outcome instanceof Outcome.Done) {
                    roster.leave(ending.subject(), key, events);
                    return Optional.of(new Removed(key, ending));
                }
                current = ((Outcome.Lost) outcome).current();
            }
            if (pacer.nanoTime() > giveUp) {
                throw conflict();
            }
        }
    }

    private @Nullable StoreKey successor(StoredSession stored) {
        try {
            return format.read(stored).successor();
        } catch (UnreadableRecordException e) {
            return null;
        }
    }

    // ---- small parts

    private RecordSnapshot written(StoreKey key, SessionRecord record, @Nullable RecordSnapshot before) {
        SessionRecord stamped = deadlines.stamped(record, now());
        return new RecordSnapshot(key, format.write(stamped, expiry(stamped, before)), stamped);
    }

    private Instant expiry(SessionRecord record, @Nullable RecordSnapshot before) {
        Instant lastAccess = before == null ? null : deadlines.lastAccess(before.stored(), before.record());
        return deadlines.expiry(record, lastAccess, now());
    }

    private long deadline() {
        return pacer.nanoTime() + COMMIT_DEADLINE.toNanos();
    }

    private void waitOrGiveUp(int conflicts, long giveUp) {
        waitOrGiveUp(conflicts, giveUp, 0);
    }

    /** Waits before the next try, if there is time for one; says so if it was the application's function that took it. */
    private void waitOrGiveUp(int conflicts, long giveUp, long nanosInFunction) {
        if (Thread.currentThread().isInterrupted()) {
            throw gaveUp("interrupted while other requests changed this session; nothing was saved");
        }
        if (pacer.nanoTime() > giveUp) {
            throw nanosInFunction > CommitLine.SLOW_NANOS
                    ? gaveUp("the function given to Session.update took " + Duration.ofNanos(nanosInFunction)
                            + ", and meanwhile other requests changed this session, so that it would have to run again;"
                            + " nothing was saved. Keep slow work out of the function")
                    : conflict();
        }
        if (conflicts > 1) {
            pacer.pause(conflicts);
        }
    }

    private static SessionUnavailableException conflict() {
        return gaveUp(
                "other requests changed this session again and again for " + COMMIT_DEADLINE + "; nothing was saved");
    }

    private static SessionUnavailableException gaveUp(String message) {
        return new SessionUnavailableException(Reason.CONFLICT, message, null);
    }
}
