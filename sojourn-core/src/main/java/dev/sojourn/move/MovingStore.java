package dev.sojourn.move;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store that combines an old and a new store while sessions move between them, under the same key, without ending any
 * session. Deploy it instead of the old store on all nodes in two steps, and deploy the new store alone once the old
 * one holds no more sessions:
 * <pre>{@code
 * MovingStore.from(old).preparingFor(next)   // 1. on every node: both are read, nothing moves
 * MovingStore.from(old).to(next)             // 2. on every node: a session moves when it changes
 * }</pre>
 *
 * <p>Thread-safe; all methods may block. Record versions must not repeat; those of Sojourn's own format do not. Drafts
 * and marks begin with a zero byte, which no JSON record does.
 *
 * <p><b>How a session moves.</b> Three writes, each a compare-and-set:
 * <ol>
 *   <li>The new store gets a <em>draft</em>: a copy under a token that is used once. It is not valid yet.
 *   <li>The old record is replaced by a <em>mark</em> of that token, if it is still the record that was copied. This
 *       write decides: from now on the draft is the session. If it is lost, the session was changed or ended, and the
 *       draft is removed.
 *   <li>The change is written over the draft, which is an ordinary record then. The mark is removed.
 * </ol>
 *
 * <p>A node that dies in between leaves a state that shows where the session is: at the record; else at the draft whose
 * mark is in the other store; else nowhere. The next change continues from there, with the same draft if it is a copy
 * of the record that is still in the old store. A draft without its mark is not valid, so a draft whose creation
 * arrives late brings nothing back. A mark without its draft is not valid either, so a session that was ended after it
 * had moved stays ended. A draft is removed only when the record that it was copied from is known to be gone, so that
 * its mark can no longer be written.
 *
 * <p><b>How a session is found.</b> The most likely store is read first, then the other one, then the first once more:
 * a session that was in neither has moved in between, or there is none. This holds as long as sessions move in one
 * direction at a time; before the direction is reversed, all nodes go through the first step.
 */
public final class MovingStore implements SessionStore {
    /** How often a session is searched again because another request moved or changed it. More than once is rare. */
    private static final int MAX_ATTEMPTS = 10;
    /**
     * How much longer than its present lifetime the new store's user index keeps a moved session: the engine renews its
     * entry.
     */
    private static final Duration ENTRY_EXTENSION = Duration.ofDays(30);

    private final SessionStore old;
    /** The store in which new sessions are created and in which a session is searched first. */
    private final SessionStore primary;

    private final SessionStore secondary;
    private final Phase phase;
    private final Optional<UserIndex> primaryIndex;
    private final AtomicLong moved = new AtomicLong();
    private final AtomicLong servedByOld = new AtomicLong();

    /** What this node does with sessions in the old store. */
    private enum Phase {
        /** It changes them there: other nodes may not use the new store yet. */
        PREPARING,
        /** It moves them when they change. */
        MOVING
    }

    private MovingStore(SessionStore old, SessionStore next, Phase phase) {
        this.old = old;
        this.phase = phase;
        this.primary = phase == Phase.MOVING ? next : old;
        this.secondary = phase == Phase.MOVING ? old : next;
        this.primaryIndex = primary.userIndex();
    }

    /**
     * Starts the configuration with the store that holds the sessions.
     *
     * @param old the store to move from
     * @return the next step, which takes the new store
     */
    public static From from(SessionStore old) {
        return new From(Objects.requireNonNull(old, "old"));
    }

    /** The first step of the configuration, with the old store. */
    public static final class From {
        private final SessionStore old;

        private From(SessionStore old) {
            this.old = old;
        }

        /**
         * Creates a store that reads both stores, changes a session in the store that holds it, and creates new
         * sessions in the old store. For the time in which some nodes do not use the new store yet, or use only the new
         * store.
         *
         * @param next the other store
         * @return the combined store
         */
        public MovingStore preparingFor(SessionStore next) {
            Objects.requireNonNull(next, "next");
            return new MovingStore(old, next, Phase.PREPARING);
        }

        /**
         * Creates a store that moves a session when it changes, and creates new sessions in the new store. Every other
         * node has to use both stores.
         *
         * @param next the store to move to
         * @return the combined store
         */
        public MovingStore to(SessionStore next) {
            Objects.requireNonNull(next, "next");
            return new MovingStore(old, next, Phase.MOVING);
        }
    }

    /**
     * The progress of the move, as seen by this node.
     *
     * @param moved how many sessions this node has moved
     * @param servedByOld how often it found a session in the old store. If it has not grown on any node for as long as
     *     a session may be idle, no live session is left there
     */
    public record Progress(long moved, long servedByOld) {}

    /**
     * Returns the progress of the move.
     *
     * @return this node's counts since the store was created
     */
    public Progress progress() {
        return new Progress(moved.get(), servedByOld.get());
    }

    // ---- finding

    /**
     * A session and its place.
     *
     * @param store the store that holds it
     * @param slot the record, or a draft that has moved but was not written since
     * @param inPrimary what the primary store held before the secondary store was read
     */
    private record Place(SessionStore store, MoveSlot.WithRecord slot, MoveSlot inPrimary) {
        StoredSession record() {
            return slot.record();
        }

        long version() {
            return slot.version();
        }
    }

    /** Returns where the session is; null if there is none. The primary store was read just before. */
    private @Nullable Place find(StoreKey key, MoveSlot inPrimary) {
        if (inPrimary instanceof MoveSlot.Plain plain) {
            return new Place(primary, plain, inPrimary);
        }
        MoveSlot inSecondary = loadSlot(secondary, key);
        if (inSecondary instanceof MoveSlot.Plain plain) {
            return new Place(secondary, plain, inPrimary);
        }
        Place draft = findDraft(inPrimary, inSecondary);
        if (draft != null) {
            return draft;
        }
        MoveSlot again = loadSlot(primary, key);
        return again instanceof MoveSlot.Plain plain ? new Place(primary, plain, again) : findDraft(again, inSecondary);
    }

    /** Returns the place of the draft whose mark is in the other store; null if there is none. */
    private @Nullable Place findDraft(MoveSlot inPrimary, MoveSlot inSecondary) {
        if (inPrimary instanceof MoveSlot.Draft draft && isMarked(draft, inSecondary)) {
            return new Place(primary, draft, inPrimary);
        }
        if (inSecondary instanceof MoveSlot.Draft draft && isMarked(draft, inPrimary)) {
            return new Place(secondary, draft, inPrimary);
        }
        return null;
    }

    private static boolean isMarked(MoveSlot.Draft draft, MoveSlot other) {
        return other instanceof MoveSlot.Mark mark && mark.token() == draft.token();
    }

    private static MoveSlot loadSlot(SessionStore store, StoreKey key) {
        return MoveSlot.of(store.load(key));
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        Place at = find(key, loadSlot(primary, key));
        if (at == null) {
            return Optional.empty();
        }
        if (at.store() == old) {
            servedByOld.incrementAndGet();
        }
        return Optional.of(at.record());
    }

    // ---- changing

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        MoveSlot.check(replacement);
        Outcome direct = primary.compareAndSet(key, expected, replacement);
        return isFinal(direct) ? direct : change(key, slot(direct), expected, record -> replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        if (primary.touch(key, expected, version, expiresAt)) {
            return true;
        }
        UnaryOperator<StoredSession> touched =
                record -> new StoredSession(record.payload(), version, expiresAt, record.subject());
        return change(key, loadSlot(primary, key), expected, touched) instanceof Outcome.Done;
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        Outcome direct = primary.delete(key, expected);
        return isFinal(direct) ? direct : applyAtPlace(key, slot(direct), expected, at -> end(key, at));
    }

    private Outcome change(StoreKey key, MoveSlot inPrimary, long expected, UnaryOperator<StoredSession> change) {
        return applyAtPlace(key, inPrimary, expected, at -> {
            StoredSession replacement = change.apply(at.record());
            boolean isToMove = phase == Phase.MOVING && at.store() == secondary && at.slot() instanceof MoveSlot.Plain;
            return isToMove ? move(key, at, replacement) : replace(key, at, replacement);
        });
    }

    /**
     * An operation on the session at its place. Returns null if the session is no longer there unchanged: then it is
     * searched again.
     */
    private interface PlaceOperation {
        @Nullable
        Outcome apply(Place at);
    }

    private Outcome applyAtPlace(StoreKey key, MoveSlot seen, long expected, PlaceOperation operation) {
        MoveSlot inPrimary = seen;
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            Place at = find(key, inPrimary);
            if (at == null) {
                return Outcome.absent();
            }
            if (at.record().version() != expected) {
                return Outcome.lost(at.record());
            }
            Outcome outcome = operation.apply(at);
            if (outcome != null) {
                return outcome;
            }
            inPrimary = loadSlot(primary, key);
        }
        throw StoreException.notDone(
                "other requests moved and changed the session repeatedly; nothing was saved", null);
    }

    private @Nullable Outcome replace(StoreKey key, Place at, StoredSession replacement) {
        Outcome outcome = at.store().compareAndSet(key, at.version(), replacement);
        if (outcome instanceof Outcome.Done) {
            removeMark(key, at);
        }
        return isFinal(outcome) ? outcome : null;
    }

    private @Nullable Outcome end(StoreKey key, Place at) {
        Outcome outcome = at.store().delete(key, at.version());
        if (outcome instanceof Outcome.Done) {
            removeMark(key, at);
            if (at.store() == secondary && at.inPrimary() instanceof MoveSlot.Draft draft) {
                remove(primary, key, draft.token());
            }
        }
        return isFinal(outcome) ? outcome : null;
    }

    // ---- moving

    private @Nullable Outcome move(StoreKey key, Place at, StoredSession replacement) {
        Long token = createDraft(key, at, laterOf(at.record().expiresAt(), replacement.expiresAt()));
        if (token == null) {
            return null;
        }
        Outcome outcome = secondary.compareAndSet(key, at.version(), MoveSlot.mark(at.record(), token));
        if (outcome instanceof Outcome.Done) {
            moved.incrementAndGet();
        } else if (!(slot(outcome) instanceof MoveSlot.Mark mark) || mark.token() != token) {
            remove(primary, key, token);
            return null;
        }
        Place draft = new Place(primary, new MoveSlot.Draft(token, at.record()), at.inPrimary());
        return replace(key, draft, replacement);
    }

    /**
     * Ensures that the primary store holds a draft of the record, and returns its token; null if it holds something else
     * by now.
     */
    private @Nullable Long createDraft(StoreKey key, Place at, Instant expiry) {
        StoredSession record = at.record();
        if (at.inPrimary() instanceof MoveSlot.Draft draft && draft.record().version() == record.version()) {
            return draft.token();
        }
        enter(key, record.subject(), expiry);
        long token = ThreadLocalRandom.current().nextLong();
        StoredSession draft = MoveSlot.draft(record, token);
        // A draft that another move left is a copy of a replaced record, so its mark can no longer be written.
        // Removed, not overwritten: it may belong to another user, and a store never changes a record's user.
        boolean isFree = !(at.inPrimary() instanceof MoveSlot.Pending left)
                || primary.delete(key, left.token()) instanceof Outcome.Done;
        return isFree && primary.create(key, draft) ? token : null;
    }

    /** Enters the key before the draft is created, so that the session is in an index at every moment. */
    private void enter(StoreKey key, @Nullable String subject, Instant expiry) {
        if (subject != null && primaryIndex.isPresent()) {
            primaryIndex.get().enter(subject, key, expiry.plus(ENTRY_EXTENSION));
        }
    }

    private static Instant laterOf(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private void removeMark(StoreKey key, Place at) {
        if (at.slot() instanceof MoveSlot.Draft draft) {
            remove(at.store() == primary ? secondary : primary, key, draft.token());
        }
    }

    /** Removes what is no longer valid. If that fails it expires. */
    private static void remove(SessionStore store, StoreKey key, long token) {
        try {
            store.delete(key, token);
        } catch (StoreException e) {
            // Harmless: the session does not depend on this record.
        }
    }

    // ---- creating

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        MoveSlot.check(session);
        MoveSlot inSecondary = loadSlot(secondary, key);
        if (inSecondary instanceof MoveSlot.Empty && primary.create(key, session)) {
            return true;
        }
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            MoveSlot inPrimary = loadSlot(primary, key);
            if (find(key, inPrimary) != null) {
                return false;
            }
            clear(primary, key, inPrimary);
            clear(secondary, key, loadSlot(secondary, key));
            if (primary.create(key, session)) {
                return true;
            }
        }
        throw StoreException.notDone("other requests took and freed the key repeatedly; nothing was saved", null);
    }

    /** Removes the remains of a session that no longer exists. */
    private static void clear(SessionStore store, StoreKey key, MoveSlot slot) {
        if (slot instanceof MoveSlot.Pending left) {
            store.delete(key, left.token());
        }
    }

    /** Returns whether the call is done, or lost to an ordinary record. */
    private static boolean isFinal(Outcome outcome) {
        return outcome instanceof Outcome.Done || slot(outcome) instanceof MoveSlot.Plain;
    }

    private static MoveSlot slot(Outcome outcome) {
        return outcome instanceof Outcome.Lost lost ? MoveSlot.of(lost.current()) : new MoveSlot.Empty();
    }

    // ---- what else a store has

    /** Returns both stores' indexes combined; empty unless both have one. */
    @Override
    public Optional<UserIndex> userIndex() {
        Optional<UserIndex> secondaryIndex = secondary.userIndex();
        return primaryIndex.isPresent() && secondaryIndex.isPresent()
                ? Optional.of(new MovingIndex(primaryIndex.get(), secondaryIndex.get()))
                : Optional.empty();
    }

    /** Returns a sweep of those of the two stores that need one. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        Optional<ExpirySweep> primarySweep = primary.expirySweep();
        Optional<ExpirySweep> secondarySweep = secondary.expirySweep();
        return primarySweep.isPresent() || secondarySweep.isPresent()
                ? Optional.of(new MovingSweep(primary, primarySweep, secondary, secondarySweep))
                : Optional.empty();
    }

    /** Returns the stores behind both. */
    @Override
    public List<SessionStore> innermostStores() {
        return Stream.of(primary, secondary)
                .flatMap(store -> store.innermostStores().stream())
                .toList();
    }

    /** Returns the earlier of the two stores' times: a session has ended only if it has by both. */
    @Override
    public Optional<InstantSource> storeClock() {
        Optional<InstantSource> primaryClock = primary.storeClock();
        Optional<InstantSource> secondaryClock = secondary.storeClock();
        if (primaryClock.isEmpty() || secondaryClock.isEmpty()) {
            return primaryClock.or(() -> secondaryClock);
        }
        return Optional.of(() -> {
            Instant one = primaryClock.get().instant();
            Instant other = secondaryClock.get().instant();
            return one.isBefore(other) ? one : other;
        });
    }

    /** Closes both stores. */
    @Override
    public void close() {
        try {
            primary.close();
        } finally {
            secondary.close();
        }
    }

    @Override
    public String toString() {
        return "MovingStore[" + progress() + "]";
    }
}
