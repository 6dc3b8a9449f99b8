package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.spi.Deadline;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes session records, and resolves concurrent updates to them. All store calls go through
 * {@link ConfirmingStore}. Thread-safe; all methods block.
 *
 * <p><b>Conflicts.</b> A lost compare-and-set returns what is stored now; the changes are replayed on it until the
 * deadline, with random pauses that grow ({@link RetryLoop}). Ending a session retries without pause.
 *
 * <p><b>New ids.</b> The new record is created first. The new id is valid for the client only when the old record was
 * retired by its one compare-and-set. A node that dies in between leaves the old session whole.
 */
final class SessionRecords {
    /**
     * How long each part of a commit may take: waiting for the session's lock, replays with their pauses, and finding out what
     * a call did whose response was lost.
     */
    static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);

    private final EngineSettings settings;
    private final ConfirmingStore store;
    private final UserIndexProtocol userIndex;
    private final RecordFormat format;
    private final RetryPacer pacer;
    private final RecordReader reader;
    private final RecordWriter writer;
    private final RetryLoop loop;
    private final CommitQueues queues;
    private final AccessRevocation revocation;

    SessionRecords(
            EngineSettings settings,
            ConfirmingStore store,
            UserIndexProtocol userIndex,
            ClockComparison clocks,
            RetryPacer pacer) {
        this.settings = settings;
        this.store = store;
        this.userIndex = userIndex;
        this.format = settings.recordFormat;
        this.pacer = pacer;
        this.reader = new RecordReader(settings, store, userIndex, clocks, pacer);
        this.writer = new RecordWriter(settings, store, userIndex, pacer);
        this.loop = new RetryLoop(reader, pacer);
        this.queues = new CommitQueues(COMMIT_TIMEOUT, settings.limits.maxWaitingSaves(), pacer);
        this.revocation = settings.accessRevocation();
    }

    /** Reads the record of a key; removes what has expired or cannot be read. */
    StoredState load(StoreKey key, EventBuffer events) {
        return reader.load(key, events);
    }

    /** Makes one cheap call; throws what the store throws. */
    void probe() {
        store.probe();
    }

    // ---- saving

    /** Extends the idle timeout; null if another request wrote or the store did not respond: neither matters. */
    @Nullable
    RecordSnapshot touch(RecordSnapshot snapshot, EventBuffer events) {
        return writer.touch(snapshot, events);
    }

    /**
     * Writes the record as it was loaded; null if another request has changed it: a save without
     * changes never overwrites another request's change.
     */
    @Nullable
    RecordSnapshot resave(RecordSnapshot snapshot, EventBuffer events) {
        RecordSnapshot written = writer.next(snapshot, snapshot.record());
        return writer.replace(snapshot, written, events) instanceof Outcome.Done ? written : null;
    }

    /** Saves changes to a live record, together with those that wait for the same one. */
    CommitOutcome replace(Commit commit, EventBuffer events) {
        return queues.submit(commit, (batch, recent) -> {
            RecordSnapshot first = recent != null ? recent : batch.latestBase();
            return loop.run(first, new BatchWrite(batch, first, writer, events)).orElse(null);
        });
    }

    /** Stores the first record of a session. */
    CommitOutcome.Created create(SessionRecord record, PendingIdChange idChange, EventBuffer events) {
        return create(record, idChange, null, events);
    }

    /**
     * Stores a record under a new id.
     *
     * @param replaced the record that it replaces, or null
     */
    CommitOutcome.Created create(
            SessionRecord record, PendingIdChange idChange, @Nullable RecordSnapshot replaced, EventBuffer events) {
        LimitRule rule = idChange.limit();
        String subject = record.subject();
        if (rule == null
                || subject == null
                || LimitedLogin.isActing(record)
                || LimitedLogin.keepsPermit(record, replaced == null ? null : replaced.record())) {
            return writer.create(record, idChange.nextId(), events);
        }
        // Logins of one user in this process queue, because on the store most of them would only lose to each other.
        return queues.urgently(
                PermitList.key(subject),
                queue -> login(rule, subject, replaced, events).create(record, idChange.nextId(), writer));
    }

    /** Throws if a user who signs in has as many sessions as allowed and none may be ended. Stores nothing. */
    void checkLimit(LimitRule rule, String subject, @Nullable RecordSnapshot replaced, EventBuffer events) {
        login(rule, subject, replaced, events).check();
    }

    private LimitedLogin login(LimitRule rule, String subject, @Nullable RecordSnapshot replaced, EventBuffer events) {
        return new LimitedLogin(
                settings,
                store,
                userIndex,
                this,
                pacer,
                rule,
                subject,
                replaced == null ? null : replaced.key(),
                events);
    }

    /** Gives a session a new id: creates the new record, then retires the old one, which decides. */
    CommitOutcome changeId(RecordSnapshot old, RecordSuccessor successor, EventBuffer events) {
        return queues.withLock(
                old.key(),
                queue -> loop.run(
                        old,
                        IdChangeWrite.createSuccessor(
                                old, successor, queue, this, writer, userIndex, revocation, events)));
    }

    // ---- refresh tokens

    /**
     * Loads a session whose client presents a generation of its refresh token, and writes the next generation if the table of
     * {@link Rotation} says so. Requests of this process that do so at once write once.
     */
    RotationOutcome rotate(StoreKey key, long presented, FamilySettings rules, EventBuffer events) {
        return queues.withLock(
                key,
                queue -> load(key, events) instanceof StoredState.Live live
                        ? rotate(live.snapshot(), presented, rules, events)
                        : RotationOutcome.Gone.INSTANCE);
    }

    private RotationOutcome rotate(RecordSnapshot live, long presented, FamilySettings rules, EventBuffer events) {
        return rules.isUserEnded(live.record())
                ? new RotationOutcome.UserEnded(live)
                : loop.run(live, new RotationWrite(presented, rules.lostResponses, rules.clock, writer, store, events));
    }

    // ---- remembered browsers

    /** Stores the record of a browser that is to be remembered. */
    CommitOutcome.Created createBrowser(SessionRecord browser, String firstId, EventBuffer events) {
        return writer.create(browser, firstId, events);
    }

    /**
     * Begins a session for a browser that presents a generation of its remember-me token, and writes the next generation if the
     * table of {@link Rotation} says so. The session is stored before the browser's record is written, or read for the last
     * time: a request that ends the browser at this moment finds the session, or this call finds no browser and removes the session.
     * Requests of this process that do so at once pass one after another.
     *
     * @throws dev.sojourn.SessionEndedException if all sessions of the user were ended at this moment
     */
    RememberOutcome signInAgain(
            StoreKey browser, long presented, RememberSettings rules, String firstId, EventBuffer events) {
        return queues.withLock(
                browser,
                queue -> load(browser, events) instanceof StoredState.Live live
                                && RememberSettings.isBrowser(live.snapshot().record())
                        ? signInAgain(live.snapshot(), presented, rules, firstId, events)
                        : RememberOutcome.Gone.INSTANCE);
    }

    private RememberOutcome signInAgain(
            RecordSnapshot browser, long presented, RememberSettings rules, String firstId, EventBuffer events) {
        RotationWrite rotation = new RotationWrite(presented, rules.lostResponses, rules.clock, writer, store, events);
        Rotation first = rotation.decide(browser);
        if (first instanceof Rotation.Reuse) {
            return new RememberOutcome.Reused(browser);
        }
        CommitOutcome.Created session = writer.create(rules.sessionOf(browser), firstId, events);
        RotationOutcome outcome;
        try {
            outcome = first instanceof Rotation.Repeat
                    ? repeat(browser.key(), rotation, events)
                    : loop.run(browser, rotation);
        } catch (RuntimeException | Error e) {
            writer.removeUnpublished(session.snapshot(), events);
            throw e;
        }
        if (outcome instanceof RotationOutcome.Current current) {
            return new RememberOutcome.SignedIn(session, current.snapshot(), false);
        }
        if (outcome instanceof RotationOutcome.Recovered recovered) {
            return new RememberOutcome.SignedIn(session, recovered.snapshot(), true);
        }
        writer.removeUnpublished(session.snapshot(), events);
        return outcome instanceof RotationOutcome.Reused reused
                ? new RememberOutcome.Reused(reused.snapshot())
                : RememberOutcome.Gone.INSTANCE;
    }

    /** Reads a record once more, because nothing will be written to it that would fail if it has been removed. */
    private RotationOutcome repeat(StoreKey browser, RotationWrite rotation, EventBuffer events) {
        return load(browser, events) instanceof StoredState.Live live
                ? loop.run(live.snapshot(), rotation)
                : RotationOutcome.Gone.INSTANCE;
    }

    /** Removes a record whose id no client has received. */
    void removeUnpublished(RecordSnapshot unpublished, EventBuffer events) {
        writer.removeUnpublished(unpublished, events);
    }

    // ---- with a lease

    /** Writes a record over exactly what was loaded, and returns what is stored then: this record or another one. */
    StoredState rewrite(RecordSnapshot snapshot, SessionRecord record, AccessKind access, EventBuffer events) {
        RecordSnapshot written = writer.next(snapshot, record, access);
        if (!(writer.replace(snapshot, written, events) instanceof Outcome.Lost lost)) {
            return new StoredState.Live(written);
        }
        StoredState found = reader.judge(snapshot.key(), lost);
        boolean over = found instanceof StoredState.Expired || found instanceof StoredState.Unreadable;
        return over ? load(snapshot.key(), events) : found;
    }

    /** Saves changes of a request that holds the session's lease; at the head the same write releases it. */
    CommitOutcome replaceLeased(Commit commit, String holder, CommitPoint point, EventBuffer events) {
        return queues.withLock(
                commit.base.key(),
                queue -> loop.run(commit.base, new LeasedWrite(commit, holder, point, queue, writer, events)));
    }

    /** Removes a holder's lease from a record; empty if it is not there any more. */
    Optional<RecordSnapshot> releaseLease(RecordSnapshot leased, String holder, AccessKind access, EventBuffer events) {
        return LeaseManager.isHeld(leased.record(), holder)
                ? queues.urgently(
                        leased.key(), queue -> loop.run(leased, new LeaseRelease(holder, access, writer, events)))
                : Optional.empty();
    }

    // ---- ending

    /**
     * A record that was removed.
     *
     * @param key its key
     * @param stored what was stored there
     * @param record what that says; null if it cannot be read
     */
    record Removed(
            StoreKey key, StoredSession stored, @Nullable SessionRecord record) {
        /** Reports the end to the listener, if the record can be read and is a session: a remembered browser is none. */
        void report(EngineSettings settings, DestroyReason reason, EventBuffer events) {
            if (record == null || RememberSettings.isBrowser(record)) {
                return;
            }
            SessionInfo info = settings.deadlines.info(key, record, stored.expiresAt());
            events.add(listener -> listener.onDestroyed(info, reason));
        }
    }

    /**
     * Ends a session, whatever other requests do with it: retried without pause, and followed to its successor if it got a
     * new id after this request had loaded it.
     *
     * @return what was ended; empty if another request had ended it
     */
    Optional<Removed> end(RecordSnapshot snapshot, EventBuffer events) {
        return end(snapshot.key(), snapshot.stored(), (key, stored) -> true, events);
    }

    /**
     * Ends a session, or its successor, if it matches.
     *
     * @return what was ended; empty if there is no such session any more
     */
    Optional<Removed> end(
            StoreKey key, StoredSession stored, BiPredicate<StoreKey, StoredSession> matches, EventBuffer events) {
        return queues.urgently(key, queue -> endFollowing(key, stored, matches, events));
    }

    private Optional<Removed> endFollowing(
            StoreKey firstKey, StoredSession first, BiPredicate<StoreKey, StoredSession> matches, EventBuffer events) {
        StoreKey key = firstKey;
        StoreKey revoked = null;
        Optional<StoredSession> current = Optional.of(first);
        Deadline deadline = Deadline.after(COMMIT_TIMEOUT, pacer::nanoTime);
        for (int tries = 1; ; tries++) {
            SessionRecord record = current.map(this::read).orElse(null);
            StoreKey next = record == null ? null : record.successor();
            if (next != null) {
                key = next;
                current = store.load(key, events);
            } else if (current.isEmpty() || !matches.test(key, current.get())) {
                return Optional.empty();
            } else {
                StoredSession ending = current.get();
                if (revoked == null || !key.equals(revoked)) {
                    revocation.revoke(key, record);
                    revoked = key;
                }
                if (!(store.delete(key, ending.version(), tries, deadline, events) instanceof Outcome.Lost lost)) {
                    userIndex.leave(ending.subject(), key, events);
                    return Optional.of(new Removed(key, ending, record));
                }
                current = lost.current();
            }
            if (deadline.hasPassed()) {
                throw RetryLoop.tooManyConflicts();
            }
        }
    }

    private @Nullable SessionRecord read(StoredSession stored) {
        try {
            return format.read(stored);
        } catch (UnreadableRecordException e) {
            return null;
        }
    }
}
