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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
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
    private final SessionStore home;

    private final SessionStore away;
    private final boolean moves;
    private final Optional<UserIndex> homeIndex;
    private final AtomicLong moved = new AtomicLong();
    private final AtomicLong servedByOld = new AtomicLong();

    private MovingStore(SessionStore old, SessionStore home, SessionStore away, boolean moves) {
        this.old = old;
        this.home = home;
        this.away = away;
        this.moves = moves;
        this.homeIndex = home.userIndex();
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
            return new MovingStore(old, old, next, false);
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
            return new MovingStore(old, next, old, true);
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
     * @param in the store that holds it
     * @param version its version there: the record's, or a draft's token
     * @param record the session
     * @param draft whether it has moved but was not written since
     * @param atHome what the home store held before the other one was read
     */
    private record Place(SessionStore in, long version, StoredSession record, boolean draft, MoveSlot atHome) {}

    /** Returns where the session is; null if there is none. The home store was read just before. */
    private @Nullable Place find(StoreKey key, MoveSlot atHome) {
        if (atHome instanceof MoveSlot.Plain plain) {
            return plain(home, plain, atHome);
        }
        MoveSlot there = MoveSlot.of(away.load(key));
        if (there instanceof MoveSlot.Plain plain) {
            return plain(away, plain, atHome);
        }
        Place moving = moving(atHome, there);
        if (moving != null) {
            return moving;
        }
        MoveSlot again = MoveSlot.of(home.load(key));
        return again instanceof MoveSlot.Plain plain ? plain(home, plain, again) : moving(again, there);
    }

    private static Place plain(SessionStore in, MoveSlot.Plain plain, MoveSlot atHome) {
        return new Place(in, plain.record().version(), plain.record(), false, atHome);
    }

    /** Returns the draft whose mark is in the other store. */
    private @Nullable Place moving(MoveSlot atHome, MoveSlot there) {
        if (atHome instanceof MoveSlot.Draft draft && isMarked(draft, there)) {
            return new Place(home, draft.token(), draft.record(), true, atHome);
        }
        if (there instanceof MoveSlot.Draft draft && isMarked(draft, atHome)) {
            return new Place(away, draft.token(), draft.record(), true, atHome);
        }
        return null;
    }

    private static boolean isMarked(MoveSlot.Draft draft, MoveSlot other) {
        return other instanceof MoveSlot.Mark mark && mark.token() == draft.token();
    }

    private MoveSlot atHome(StoreKey key) {
        return MoveSlot.of(home.load(key));
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        Place at = find(key, atHome(key));
        if (at == null) {
            return Optional.empty();
        }
        if (at.in() == old) {
            servedByOld.incrementAndGet();
        }
        return Optional.of(at.record());
    }

    // ---- changing

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        MoveSlot.check(replacement);
        Outcome direct = home.compareAndSet(key, expected, replacement);
        return isFinal(direct) ? direct : change(key, slot(direct), expected, record -> replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        if (home.touch(key, expected, version, expiresAt)) {
            return true;
        }
        UnaryOperator<StoredSession> touched =
                record -> new StoredSession(record.payload(), version, expiresAt, record.subject());
        return change(key, atHome(key), expected, touched) instanceof Outcome.Done;
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        Outcome direct = home.delete(key, expected);
        return isFinal(direct) ? direct : applyAtPlace(key, slot(direct), expected, at -> end(key, at));
    }

    private Outcome change(StoreKey key, MoveSlot atHome, long expected, UnaryOperator<StoredSession> change) {
        return applyAtPlace(key, atHome, expected, at -> {
            StoredSession replacement = change.apply(at.record());
            boolean isToMove = moves && at.in() == away && !at.draft();
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

    private Outcome applyAtPlace(StoreKey key, MoveSlot seen, long expected, PlaceOperation deed) {
        MoveSlot atHome = seen;
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            Place at = find(key, atHome);
            if (at == null) {
                return Outcome.absent();
            }
            if (at.record().version() != expected) {
                return Outcome.lost(at.record());
            }
            Outcome outcome = deed.apply(at);
            if (outcome != null) {
                return outcome;
            }
            atHome = atHome(key);
        }
        throw StoreException.notDone(
                "other requests moved and changed the session repeatedly; nothing was saved", null);
    }

    private @Nullable Outcome replace(StoreKey key, Place at, StoredSession replacement) {
        Outcome outcome = at.in().compareAndSet(key, at.version(), replacement);
        if (outcome instanceof Outcome.Done) {
            removeMark(key, at);
        }
        return isFinal(outcome) ? outcome : null;
    }

    private @Nullable Outcome end(StoreKey key, Place at) {
        Outcome outcome = at.in().delete(key, at.version());
        if (outcome instanceof Outcome.Done) {
            removeMark(key, at);
            if (at.in() == away && at.atHome() instanceof MoveSlot.Draft draft) {
                remove(home, key, draft.token());
            }
        }
        return isFinal(outcome) ? outcome : null;
    }

    // ---- moving

    private @Nullable Outcome move(StoreKey key, Place at, StoredSession replacement) {
        Long token = createDraft(key, at, later(at.record().expiresAt(), replacement.expiresAt()));
        if (token == null) {
            return null;
        }
        Outcome outcome = away.compareAndSet(key, at.version(), MoveSlot.mark(at.record(), token));
        if (outcome instanceof Outcome.Done) {
            moved.incrementAndGet();
        } else if (!(slot(outcome) instanceof MoveSlot.Mark mark) || mark.token() != token) {
            remove(home, key, token);
            return null;
        }
        return replace(key, new Place(home, token, at.record(), true, at.atHome()), replacement);
    }

    /**
     * Ensures that the home store holds a draft of the record, and returns its token; null if it holds something else
     * by now.
     */
    private @Nullable Long createDraft(StoreKey key, Place at, Instant expiry) {
        StoredSession record = at.record();
        if (at.atHome() instanceof MoveSlot.Draft draft && draft.record().version() == record.version()) {
            return draft.token();
        }
        enter(key, record.subject(), expiry);
        long token = ThreadLocalRandom.current().nextLong();
        StoredSession draft = MoveSlot.draft(record, token);
        // A draft that another move left is a copy of a replaced record, so its mark can no longer be written.
        // Removed, not overwritten: it may belong to another user, and a store never changes a record's user.
        boolean isFree =
                at.atHome() instanceof MoveSlot.Empty || home.delete(key, token(at.atHome())) instanceof Outcome.Done;
        return isFree && home.create(key, draft) ? token : null;
    }

    /** Enters the key before the draft is created, so that the session is in an index at every moment. */
    private void enter(StoreKey key, @Nullable String subject, Instant expiry) {
        if (subject != null && homeIndex.isPresent()) {
            homeIndex.get().enter(subject, key, expiry.plus(ENTRY_EXTENSION));
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private void removeMark(StoreKey key, Place at) {
        if (at.draft()) {
            remove(at.in() == home ? away : home, key, at.version());
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
        MoveSlot there = MoveSlot.of(away.load(key));
        if (there instanceof MoveSlot.Empty && home.create(key, session)) {
            return true;
        }
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            MoveSlot atHome = atHome(key);
            if (find(key, atHome) != null) {
                return false;
            }
            clear(home, key, atHome);
            clear(away, key, MoveSlot.of(away.load(key)));
            if (home.create(key, session)) {
                return true;
            }
        }
        throw StoreException.notDone("other requests took and freed the key repeatedly; nothing was saved", null);
    }

    /** Removes the remains of a session that no longer exists. */
    private static void clear(SessionStore store, StoreKey key, MoveSlot left) {
        if (left instanceof MoveSlot.Draft || left instanceof MoveSlot.Mark) {
            store.delete(key, token(left));
        }
    }

    private static long token(MoveSlot left) {
        if (left instanceof MoveSlot.Draft draft) {
            return draft.token();
        }
        if (left instanceof MoveSlot.Mark mark) {
            return mark.token();
        }
        throw new IllegalArgumentException("not a draft or mark of a move");
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
        Optional<UserIndex> awayIndex = away.userIndex();
        return homeIndex.isPresent() && awayIndex.isPresent()
                ? Optional.of(new MovingIndex(homeIndex.get(), awayIndex.get()))
                : Optional.empty();
    }

    /** Returns a sweep of those of the two stores that need one. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        Optional<ExpirySweep> here = home.expirySweep();
        Optional<ExpirySweep> there = away.expirySweep();
        return here.isPresent() || there.isPresent()
                ? Optional.of(new MovingSweep(home, here, away, there))
                : Optional.empty();
    }

    /** Returns the earlier of the two stores' times: a session has ended only if it has by both. */
    @Override
    public Optional<InstantSource> storeClock() {
        Optional<InstantSource> here = home.storeClock();
        Optional<InstantSource> there = away.storeClock();
        if (here.isEmpty() || there.isEmpty()) {
            return here.or(() -> there);
        }
        return Optional.of(() -> {
            Instant one = here.get().instant();
            Instant other = there.get().instant();
            return one.isBefore(other) ? one : other;
        });
    }

    /** Closes both stores. */
    @Override
    public void close() {
        try {
            home.close();
        } finally {
            away.close();
        }
    }

    @Override
    public String toString() {
        return "MovingStore[" + progress() + "]";
    }
}
