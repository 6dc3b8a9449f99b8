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
 * Two stores that are one while sessions move from the old one to the new one, under the same key, without an end to
 * anybody's. It is put in place of the old store on all nodes in two steps, and the new store alone in its place when
 * nothing is left in the old one:
 *
 * <pre>{@code
 * MovingStore.from(old).preparingFor(next)   // 1. on every node: both are read, nothing moves
 * MovingStore.from(old).to(next)             // 2. on every node: a session moves when it changes
 * }</pre>
 *
 * <p>Thread-safe; all methods may block. The record's versions must not come back, as those of Sojourn's own format do
 * not. What a move leaves on its way begins with a zero byte, which no record of JSON does.
 *
 * <p><b>How a session moves.</b> Three writes, each a compare-and-set:
 *
 * <ol>
 *   <li>The new store gets a <em>draft</em>: a copy under a token that is used once. It counts for nothing yet.
 *   <li>The old record is replaced by a <em>mark</em> of that token, if it still is what was copied. This decides: from now
 *       on the draft is the session. If it lost, the session was changed or ended, and the draft is taken back.
 *   <li>The change is written over the draft, which is an ordinary record then. The mark is taken away.
 * </ol>
 *
 * <p>Whoever dies in between leaves a state that says by itself where the session is: at the record; else at the draft whose
 * mark stands in the other store; else nowhere. The next change goes on from there, with the same draft if it is of what
 * still stands in the old store. A draft without its mark is nothing, so one whose creation arrives late brings nothing
 * back; a mark without its draft is nothing either, so what was ended after it had moved stays ended. A draft is removed only when
 * the record that it was copied from is known to be gone, and no mark of it can come any more.
 *
 * <p><b>How one is found.</b> The store that it is most likely in is asked first, then the other one, then the first once more:
 * a session that was in neither had moved in between, or there is none. This holds as long as sessions move in one direction
 * at a time, whichever; between the way there and the way back all nodes go through the first step.
 */
public final class MovingStore implements SessionStore {
    /** How often a session is looked for anew because somebody else moved or changed it. More than once is rare. */
    private static final int TRIES = 10;
    /** For how much longer than it lasts now the new store's index names a session that has moved: the engine renews its entry. */
    private static final Duration NAMED = Duration.ofDays(30);

    private final SessionStore old;
    /** Where new sessions are created and where one is looked for first. */
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
     * Begins with where the sessions are.
     *
     * @param old the store that is to be left
     * @return to be told where they go
     */
    public static From from(SessionStore old) {
        return new From(Objects.requireNonNull(old, "old"));
    }

    /** Where sessions come from. */
    public static final class From {
        private final SessionStore old;

        private From(SessionStore old) {
            this.old = old;
        }

        /**
         * Reads both stores, changes a session where it stands, and begins new ones in the old store. For the time in which some
         * nodes do not know of the new store yet, or know of nothing else.
         *
         * @param next the other store
         * @return the two as one
         */
        public MovingStore preparingFor(SessionStore next) {
            Objects.requireNonNull(next, "next");
            return new MovingStore(old, old, next, false);
        }

        /**
         * Moves a session when it changes, and begins new ones in the new store. Every other node has to know both stores.
         *
         * @param next the store that sessions go to
         * @return the two as one
         */
        public MovingStore to(SessionStore next) {
            Objects.requireNonNull(next, "next");
            return new MovingStore(old, next, old, true);
        }
    }

    /**
     * How far it is, as seen by this node.
     *
     * @param moved how many sessions this node has moved
     * @param servedByOld how often it found a session in the old store. No longer growing, on any node, for as long as a
     *     session may be idle: nothing alive is left there
     */
    public record Progress(long moved, long servedByOld) {}

    /**
     * How far it is.
     *
     * @return this node's counts since the store was made
     */
    public Progress progress() {
        return new Progress(moved.get(), servedByOld.get());
    }

    // ---- finding

    /**
     * A session and where it is.
     *
     * @param in the store that holds it
     * @param version the version to name there: the record's, or a draft's token
     * @param record the session
     * @param draft whether it has moved but was not written since
     * @param atHome what stood in the home store before the other one was asked
     */
    private record Standing(SessionStore in, long version, StoredSession record, boolean draft, MoveSlot atHome) {}

    /** Where the session is; null if there is none. The home store was asked just before. */
    private @Nullable Standing find(StoreKey key, MoveSlot atHome) {
        if (atHome instanceof MoveSlot.Plain plain) {
            return plain(home, plain, atHome);
        }
        MoveSlot there = MoveSlot.of(away.load(key));
        if (there instanceof MoveSlot.Plain plain) {
            return plain(away, plain, atHome);
        }
        Standing moving = moving(atHome, there);
        if (moving != null) {
            return moving;
        }
        MoveSlot again = MoveSlot.of(home.load(key));
        return again instanceof MoveSlot.Plain plain ? plain(home, plain, again) : moving(again, there);
    }

    private static Standing plain(SessionStore in, MoveSlot.Plain plain, MoveSlot atHome) {
        return new Standing(in, plain.record().version(), plain.record(), false, atHome);
    }

    /** The draft whose mark stands in the other store. */
    private @Nullable Standing moving(MoveSlot atHome, MoveSlot there) {
        if (atHome instanceof MoveSlot.Draft draft && isMarked(draft, there)) {
            return new Standing(home, draft.token(), draft.record(), true, atHome);
        }
        if (there instanceof MoveSlot.Draft draft && isMarked(draft, atHome)) {
            return new Standing(away, draft.token(), draft.record(), true, atHome);
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
        Standing at = find(key, atHome(key));
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
        return isFinal(direct) ? direct : changed(key, slot(direct), expected, record -> replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        if (home.touch(key, expected, version, expiresAt)) {
            return true;
        }
        UnaryOperator<StoredSession> touched =
                record -> new StoredSession(record.payload(), version, expiresAt, record.subject());
        return changed(key, atHome(key), expected, touched) instanceof Outcome.Done;
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        Outcome direct = home.delete(key, expected);
        return isFinal(direct) ? direct : decided(key, slot(direct), expected, at -> ended(key, at));
    }

    private Outcome changed(StoreKey key, MoveSlot atHome, long expected, UnaryOperator<StoredSession> change) {
        return decided(key, atHome, expected, at -> {
            StoredSession replacement = change.apply(at.record());
            boolean isToMove = moves && at.in() == away && !at.draft();
            return isToMove ? moved(key, at, replacement) : replaced(key, at, replacement);
        });
    }

    /** Something done to the session where it stands; null if it does not stand there as it did: then it is looked for anew. */
    private interface Deed {
        @Nullable
        Outcome on(Standing at);
    }

    private Outcome decided(StoreKey key, MoveSlot seen, long expected, Deed deed) {
        MoveSlot atHome = seen;
        for (int i = 0; i < TRIES; i++) {
            Standing at = find(key, atHome);
            if (at == null) {
                return Outcome.gone();
            }
            if (at.record().version() != expected) {
                return Outcome.lost(at.record());
            }
            Outcome outcome = deed.on(at);
            if (outcome != null) {
                return outcome;
            }
            atHome = atHome(key);
        }
        throw StoreException.notDone(
                "a session was moved and changed by others again and again; nothing was saved", null);
    }

    private @Nullable Outcome replaced(StoreKey key, Standing at, StoredSession replacement) {
        Outcome outcome = at.in().compareAndSet(key, at.version(), replacement);
        if (outcome instanceof Outcome.Done) {
            takeMarkAway(key, at);
        }
        return isFinal(outcome) ? outcome : null;
    }

    private @Nullable Outcome ended(StoreKey key, Standing at) {
        Outcome outcome = at.in().delete(key, at.version());
        if (outcome instanceof Outcome.Done) {
            takeMarkAway(key, at);
            if (at.in() == away && at.atHome() instanceof MoveSlot.Draft draft) {
                takeAway(home, key, draft.token());
            }
        }
        return isFinal(outcome) ? outcome : null;
    }

    // ---- moving

    private @Nullable Outcome moved(StoreKey key, Standing at, StoredSession replacement) {
        Long token = drafted(key, at, later(at.record().expiresAt(), replacement.expiresAt()));
        if (token == null) {
            return null;
        }
        Outcome outcome = away.compareAndSet(key, at.version(), MoveSlot.mark(at.record(), token));
        if (outcome instanceof Outcome.Done) {
            moved.incrementAndGet();
        } else if (!(slot(outcome) instanceof MoveSlot.Mark mark) || mark.token() != token) {
            takeAway(home, key, token);
            return null;
        }
        return replaced(key, new Standing(home, token, at.record(), true, at.atHome()), replacement);
    }

    /** Sees to it that the home store holds a draft of the record, and gives its token; null if something else stands there now. */
    private @Nullable Long drafted(StoreKey key, Standing at, Instant expiry) {
        StoredSession record = at.record();
        if (at.atHome() instanceof MoveSlot.Draft draft && draft.record().version() == record.version()) {
            return draft.token();
        }
        enter(key, record.subject(), expiry);
        long token = ThreadLocalRandom.current().nextLong();
        StoredSession draft = MoveSlot.draft(record, token);
        // What another move left there is of a record that has been replaced: no mark of it can come.
        // Removed, not written over: it may be of another user, and a store keeps those for good.
        boolean isFree =
                at.atHome() instanceof MoveSlot.Empty || home.delete(key, token(at.atHome())) instanceof Outcome.Done;
        return isFree && home.create(key, draft) ? token : null;
    }

    /** Before the draft, so that the session is in an index at every moment. */
    private void enter(StoreKey key, @Nullable String subject, Instant expiry) {
        if (subject != null && homeIndex.isPresent()) {
            homeIndex.get().enter(subject, key, expiry.plus(NAMED));
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private void takeMarkAway(StoreKey key, Standing at) {
        if (at.draft()) {
            takeAway(at.in() == home ? away : home, key, at.version());
        }
    }

    /** Takes away what counts for nothing any more. If that fails it expires. */
    private static void takeAway(SessionStore store, StoreKey key, long token) {
        try {
            store.delete(key, token);
        } catch (StoreException e) {
            // The session does not depend on it.
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
        for (int i = 0; i < TRIES; i++) {
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
        throw StoreException.notDone("a key was taken and freed by others again and again; nothing was saved", null);
    }

    /** Takes away what is left of a session that is gone. */
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
        throw new IllegalArgumentException("this is no part of a move");
    }

    /** Whether it was done, or lost to a session that stands there. */
    private static boolean isFinal(Outcome outcome) {
        return outcome instanceof Outcome.Done || slot(outcome) instanceof MoveSlot.Plain;
    }

    private static MoveSlot slot(Outcome outcome) {
        return outcome instanceof Outcome.Lost lost ? MoveSlot.of(lost.current()) : new MoveSlot.Empty();
    }

    // ---- what else a store has

    /** Both stores' index as one; empty unless both have one. */
    @Override
    public Optional<UserIndex> userIndex() {
        Optional<UserIndex> awayIndex = away.userIndex();
        return homeIndex.isPresent() && awayIndex.isPresent()
                ? Optional.of(new MovingIndex(homeIndex.get(), awayIndex.get()))
                : Optional.empty();
    }

    /** Sweeps whichever of the two needs it. */
    @Override
    public Optional<ExpirySweep> expirySweep() {
        Optional<ExpirySweep> here = home.expirySweep();
        Optional<ExpirySweep> there = away.expirySweep();
        return here.isPresent() || there.isPresent()
                ? Optional.of(new MovingSweep(home, here, away, there))
                : Optional.empty();
    }

    /** The earlier time of the two stores': what has ended has by both. */
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

    /** Closes both. */
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
