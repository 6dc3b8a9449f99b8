package dev.sojourn;

import dev.sojourn.ExpiryBuckets.Fate;
import dev.sojourn.ExpiryBuckets.Place;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UserIndex;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in this process's memory: for one node, for tests, and to begin with. They end with the process.
 *
 * <p>Thread-safe; never blocks but for a moment's bookkeeping; has no thread of its own. What has expired is taken away
 * by the sweeps of {@link Sessions}, and by this store itself when it is full.
 *
 * <p><b>Full.</b> At its ceiling the store first forgets what has expired, then idle sessions that nobody is signed in
 * to, the longest idle ones first, and says so in a warning; no listener is told of either. It forgets no signed-in one
 * to make room: when only those are left, new sessions are refused with {@link StoreException#notDone()}. So that no one
 * account brings that about, a user has a ceiling too: with one session more the user's oldest is forgotten.
 */
public final class MemoryStore implements SessionStore {
    /** What an entry costs beside its payload, roughly: keys, map nodes, the record. */
    private static final int BYTES_PER_ENTRY = 400;

    /** How many are forgotten at once when the store is full, so that not every new session has to make room. */
    private static final int EVICTED_TOGETHER = 64;

    private static final long FEWEST_PER_USER = 10;
    /** How many users with as many sessions as they may have the store has room for, unless it is told otherwise. */
    private static final long USERS_THAT_FIT = 100;

    private final ConcurrentHashMap<StoreKey, MemoryEntry> sessions = new ConcurrentHashMap<>();
    private final ExpiryBuckets anonymous = new ExpiryBuckets();
    private final ExpiryBuckets signedIn = new ExpiryBuckets();
    private final ReentrantLock makingRoom = new ReentrantLock();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Evictions whenFull;
    private final Evictions whenUserIsFull;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final AtomicLong sweeps = new AtomicLong();
    private final InstantSource time;
    private final MemoryUserIndex subjects;
    private final long maxSessions;
    private final long maxSessionsPerUser;
    private final long maxBytes;

    private MemoryStore(Builder builder) {
        this.time = builder.clock != null ? builder.clock : MonotonicTime.fromNow();
        this.subjects = new MemoryUserIndex(time, sessions::get);
        this.maxSessions = builder.maxSessions;
        this.maxSessionsPerUser = builder.maxSessionsPerUser();
        this.maxBytes = builder.maxBytes;
        this.whenFull = new Evictions("the memory store is full (" + maxSessions + " sessions or " + maxBytes
                + " bytes): it forgets idle sessions that no user is signed in to");
        this.whenUserIsFull = new Evictions("a user is signed in " + maxSessionsPerUser
                + " times (maxSessionsPerUser of the memory store): the oldest of the user's sessions are forgotten");
    }

    /** A store with the default ceilings and the system's clock. */
    public MemoryStore() {
        this(builder());
    }

    /**
     * A store with other ceilings.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Optional<StoredSession> load(StoreKey key) {
        MemoryEntry held = sessions.get(key);
        return held == null ? Optional.empty() : Optional.of(held.session());
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        if (sessions.containsKey(key)) {
            return false;
        }
        makeRoomFor(1, cost(session));
        // Into the timetable first: a thread that counts it as a session has to be able to find it there and make room.
        ExpiryBuckets timetable = timetable(session);
        MemoryEntry held =
                new MemoryEntry(session, numbers.incrementAndGet(), timetable.enter(key, session.expiresAt()));
        if (sessions.putIfAbsent(key, held) != null) {
            timetable.leave(held.place());
            return false;
        }
        count.incrementAndGet();
        bytes.addAndGet(cost(session));
        if (session.subject() != null) {
            register(session.subject(), key, held);
        }
        return true;
    }

    /** No account takes the room of all others: its oldest sessions go first. */
    private void register(String subject, StoreKey key, MemoryEntry held) {
        int many = subjects.added(subject, key, held.number());
        for (long tooMany = many - maxSessionsPerUser; tooMany > 0; tooMany--) {
            StoreKey oldest = subjects.oldest(subject);
            MemoryEntry going = oldest == null ? null : sessions.get(oldest);
            if (oldest != null && going != null && forget(oldest, going)) {
                whenUserIsFull.count(1);
            }
        }
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        while (true) {
            MemoryEntry current = sessions.get(key);
            if (current == null) {
                return Outcome.gone();
            }
            if (current.session().version() != expected) {
                return Outcome.lost(current.session());
            }
            long growth = cost(replacement) - cost(current.session());
            if (growth > 0) {
                makeRoomFor(0, growth);
            }
            if (replace(key, current, replacement)) {
                bytes.addAndGet(growth);
                return Outcome.DONE;
            }
        }
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        while (true) {
            MemoryEntry current = sessions.get(key);
            if (current == null || current.session().version() != expected) {
                return false;
            }
            StoredSession before = current.session();
            if (replace(key, current, new StoredSession(before.payload(), version, expiresAt, before.subject()))) {
                return true;
            }
        }
    }

    /** A later expiry leaves the record's place as it is. */
    private boolean replace(StoreKey key, MemoryEntry current, StoredSession next) {
        StoredSession before = current.session();
        ExpiryBuckets timetable = timetable(next);
        boolean stays = timetable == timetable(before) && !ExpiryBuckets.isTooLate(current.place(), next.expiresAt());
        Place place = stays ? current.place() : timetable.enter(key, next.expiresAt());
        boolean done = sessions.replace(key, current, new MemoryEntry(next, current.number(), place));
        if (!stays) {
            (done ? timetable(before) : timetable).leave(done ? current.place() : place);
        }
        if (done && before.subject() != null && next.subject() == null) {
            subjects.removed(before.subject(), current.number());
        }
        return done;
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        while (true) {
            MemoryEntry current = sessions.get(key);
            if (current == null) {
                return Outcome.gone();
            }
            if (current.session().version() != expected) {
                return Outcome.lost(current.session());
            }
            if (forget(key, current)) {
                return Outcome.DONE;
            }
        }
    }

    @Override
    public Optional<UserIndex> userIndex() {
        return Optional.of(subjects);
    }

    @Override
    public Optional<ExpirySweep> expirySweep() {
        return Optional.of(this::sweepAlone);
    }

    /** One sweep at a time; whoever comes meanwhile has nothing to do. */
    private int sweepAlone(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
        if (!sweeping.compareAndSet(false, true)) {
            return 0;
        }
        try {
            return sweep(expiredBefore, limit, deliver);
        } finally {
            sweeping.set(false);
        }
    }

    private int sweep(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
        // In turns: as many as may be taken of one kind may be undeliverable, which must not keep the other kind
        // unswept.
        boolean anonymousFirst = (sweeps.getAndIncrement() & 1) == 0;
        ExpiryBuckets one = anonymousFirst ? anonymous : signedIn;
        ExpiryBuckets other = anonymousFirst ? signedIn : anonymous;
        Round first = new Round(one, expiredBefore, deliver);
        int forgotten = one.visit(expiredBefore, limit, first);
        Round second = new Round(other, expiredBefore, deliver);
        int left = limit - forgotten - first.failures;
        forgotten += left > 0 ? other.visit(expiredBefore, left, second) : 0;
        RuntimeException failure = first.failure != null ? first.failure : second.failure;
        if (failure != null) {
            throw failure;
        }
        return forgotten;
    }

    /** The records behind one timetable. */
    private abstract class Behind implements ExpiryBuckets.Records {
        private final ExpiryBuckets timetable;

        Behind(ExpiryBuckets timetable) {
            this.timetable = timetable;
        }

        @Override
        public @Nullable MemoryEntry lookUp(StoreKey key) {
            return sessions.get(key);
        }

        @Override
        public void move(StoreKey key, MemoryEntry held, Instant expiry) {
            Place place = timetable.enter(key, expiry);
            boolean done = sessions.replace(key, held, held.at(place));
            timetable.leave(done ? held.place() : place);
        }
    }

    /** Tells of each that has expired and forgets it. What a delivery throws goes up after the last one. */
    private final class Round extends Behind {
        private final Instant expiredBefore;
        private final BiConsumer<StoreKey, StoredSession> deliver;
        private int failures;
        private @Nullable RuntimeException failure;

        Round(ExpiryBuckets timetable, Instant expiredBefore, BiConsumer<StoreKey, StoredSession> deliver) {
            super(timetable);
            this.expiredBefore = expiredBefore;
            this.deliver = deliver;
        }

        @Override
        public Fate visit(StoreKey key, MemoryEntry held) {
            if (!held.session().expiresAt().isBefore(expiredBefore)) {
                return Fate.LEFT;
            }
            try {
                deliver.accept(key, held.session());
            } catch (RuntimeException e) {
                failures++;
                failure = failure == null ? e : failure;
                return Fate.PUT_OFF;
            }
            return forget(key, held) ? Fate.TAKEN : Fate.LEFT;
        }
    }

    /** Forgets the longest idle ones. */
    private class Eviction extends Behind {
        int forgotten;

        Eviction() {
            super(anonymous);
        }

        @Override
        public Fate visit(StoreKey key, MemoryEntry held) {
            if (!forget(key, held)) {
                return Fate.LEFT;
            }
            forgotten++;
            return Fate.TAKEN;
        }
    }

    /** Forgets those that come first, although they were used since they got their place: room is needed now. */
    private final class HastyEviction extends Eviction {
        @Override
        public void move(StoreKey key, MemoryEntry held, Instant expiry) {
            if (forgotten < EVICTED_TOGETHER) {
                visit(key, held);
            }
        }
    }

    /**
     * How many sessions are kept.
     *
     * @return the number, expired ones that were not swept yet among them
     */
    public long size() {
        return count.get();
    }

    /**
     * How much memory the sessions take, roughly.
     *
     * @return bytes: payloads and a flat rate for each session
     */
    public long bytes() {
        return bytes.get();
    }

    /**
     * How many sessions were forgotten before their time because the store was full, or because their user had too many.
     *
     * @return the number since this store was made
     */
    public long evicted() {
        return whenFull.sum() + whenUserIsFull.sum();
    }

    /** How many places the timetables have, counted one by one. */
    int places() {
        return anonymous.size() + signedIn.size();
    }

    /** How many users have a session. */
    int users() {
        return subjects.users();
    }

    /** How many users have an epoch. */
    int epochs() {
        return subjects.epochs();
    }

    /** The clock that this store was given, or else a time that a change of the system's clock does not move. */
    @Override
    public Optional<InstantSource> storeClock() {
        return Optional.of(time);
    }

    /** Forgets everything. */
    @Override
    public void close() {
        sessions.forEach(this::forget);
    }

    private boolean forget(StoreKey key, MemoryEntry held) {
        if (!sessions.remove(key, held)) {
            return false;
        }
        StoredSession session = held.session();
        timetable(session).leave(held.place());
        count.decrementAndGet();
        bytes.addAndGet(-cost(session));
        if (session.subject() != null) {
            subjects.removed(session.subject(), held.number());
        }
        return true;
    }

    private ExpiryBuckets timetable(StoredSession session) {
        return session.subject() == null ? anonymous : signedIn;
    }

    private static long cost(StoredSession session) {
        return session.payload().length + (long) BYTES_PER_ENTRY;
    }

    private boolean fits(int more, long moreBytes) {
        return count.get() + more <= maxSessions && bytes.get() + moreBytes <= maxBytes;
    }

    private void makeRoomFor(int more, long moreBytes) {
        if (fits(more, moreBytes)) {
            return;
        }
        makingRoom.lock();
        try {
            while (!fits(more, moreBytes) && evictSome() > 0) {
                // Once more: what was evicted may have been small.
            }
        } finally {
            makingRoom.unlock();
        }
        if (!fits(more, moreBytes)) {
            throw StoreException.notDone(
                    "the memory store is full (" + maxSessions + " sessions or " + maxBytes
                            + " bytes) and a user is signed in to each of its sessions: raise the ceiling, shorten the idle"
                            + " timeout, or use a store outside of this process",
                    null);
        }
    }

    private int evictSome() {
        int expired = sweep(time.instant().minus(GRACE_PERIOD), EVICTED_TOGETHER, (key, session) -> {});
        if (expired > 0) {
            return expired;
        }
        Eviction eviction = new Eviction();
        anonymous.visit(Instant.MAX, EVICTED_TOGETHER, eviction);
        if (eviction.forgotten == 0) {
            eviction = new HastyEviction();
            anonymous.visit(Instant.MAX, EVICTED_TOGETHER, eviction);
        }
        whenFull.count(eviction.forgotten);
        return eviction.forgotten;
    }

    /** Says how full it is, nothing of what is inside. */
    @Override
    public String toString() {
        return "MemoryStore[" + count + " sessions, " + bytes + " bytes]";
    }

    /** The ceilings. Not thread-safe. */
    public static final class Builder {
        private @Nullable Clock clock;
        private long maxSessions = 100_000;
        private long maxSessionsPerUser;
        private long maxBytes = 256L << 20;

        private Builder() {}

        /**
         * What time it is, for a test that sets it. Default: the system's time when the store is made, and from then on a time
         * that goes on whatever the system's clock is set to.
         *
         * @param clock the clock that the sessions have
         * @return this
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * How many sessions are kept at most. Default 100,000.
         *
         * @param sessions at least 1
         * @return this
         */
        public Builder maxSessions(long sessions) {
            this.maxSessions = atLeastOne("maxSessions", sessions);
            return this;
        }

        /**
         * How many sessions one user has at most: with one more, the user's oldest is forgotten, and a warning says so. It
         * keeps one account from taking the room of all others; how often a user should be signed in is the application's to
         * say. Default: a hundredth of {@link #maxSessions}, which is 1,000, but at least 10.
         *
         * @param sessions at least 1
         * @return this
         */
        public Builder maxSessionsPerUser(long sessions) {
            this.maxSessionsPerUser = atLeastOne("maxSessionsPerUser", sessions);
            return this;
        }

        private long maxSessionsPerUser() {
            return maxSessionsPerUser > 0
                    ? maxSessionsPerUser
                    : Math.max(FEWEST_PER_USER, maxSessions / USERS_THAT_FIT);
        }

        /**
         * How much memory they take at most, roughly: their bytes and 400 more for each. Default 256 MiB.
         *
         * @param bytes at least 1
         * @return this
         */
        public Builder maxBytes(long bytes) {
            this.maxBytes = atLeastOne("maxBytes", bytes);
            return this;
        }

        private static long atLeastOne(String option, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(option + " is at least 1, not " + value);
            }
            return value;
        }

        /**
         * A store with these ceilings.
         *
         * @return the store
         */
        public MemoryStore build() {
            return new MemoryStore(this);
        }
    }
}
