package dev.sojourn;

import dev.sojourn.Timetable.Fate;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.SubjectIndex;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
 * to, the longest idle ones first, and says so in a warning; no listener is told of either. It never forgets a signed-in
 * one: when only those are left, new sessions are refused with {@link StoreException#notDone()}.
 */
public final class MemoryStore implements SessionStore {
    /** What an entry costs beside its payload, roughly: keys, map nodes, the record. */
    private static final int BYTES_PER_ENTRY = 400;

    private static final Duration GRACE = Duration.ofMinutes(5);
    /** How many are forgotten at once when the store is full, so that not every new session has to make room. */
    private static final int EVICTED_TOGETHER = 64;

    private static final int EVICTED_PER_LINE = 1_000;

    private final ConcurrentHashMap<StoreKey, StoredSession> sessions = new ConcurrentHashMap<>();
    private final Timetable anonymous = new Timetable();
    private final Timetable signedIn = new Timetable();
    private final ReentrantLock makingRoom = new ReentrantLock();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong evicted = new AtomicLong();
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private final Clock clock;
    private final SubjectRegister subjects;
    private final long maxSessions;
    private final long maxBytes;

    private MemoryStore(Builder builder) {
        this.clock = builder.clock;
        this.subjects = new SubjectRegister(clock, sessions::containsKey);
        this.maxSessions = builder.maxSessions;
        this.maxBytes = builder.maxBytes;
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
        return Optional.ofNullable(sessions.get(key));
    }

    @Override
    public boolean create(StoreKey key, StoredSession session) {
        if (sessions.containsKey(key)) {
            return false;
        }
        makeRoomFor(1, cost(session));
        if (sessions.putIfAbsent(key, session) != null) {
            return false;
        }
        // Into the timetable first: whoever counts it as a session has to be able to find it there and make room.
        timetable(session).enter(key, session.expiresAt());
        subjects.added(session.subject(), key);
        count.incrementAndGet();
        bytes.addAndGet(cost(session));
        return true;
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        return swap(key, expected, replacement);
    }

    @Override
    public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
        while (true) {
            StoredSession current = sessions.get(key);
            if (current == null || current.version() != expected) {
                return false;
            }
            StoredSession touched = new StoredSession(current.payload(), version, expiresAt, current.subject());
            if (sessions.replace(key, current, touched)) {
                timetable(touched).enterIfEarlier(key, current.expiresAt(), expiresAt);
                return true;
            }
        }
    }

    private Outcome swap(StoreKey key, long expected, StoredSession replacement) {
        while (true) {
            StoredSession current = sessions.get(key);
            if (current == null) {
                return Outcome.gone();
            }
            if (current.version() != expected) {
                return Outcome.lost(current);
            }
            long growth = cost(replacement) - cost(current);
            if (growth > 0) {
                makeRoomFor(0, growth);
            }
            if (sessions.replace(key, current, replacement)) {
                bytes.addAndGet(growth);
                timetable(replacement).enterIfEarlier(key, current.expiresAt(), replacement.expiresAt());
                return Outcome.DONE;
            }
        }
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        while (true) {
            StoredSession current = sessions.get(key);
            if (current == null) {
                return Outcome.gone();
            }
            if (current.version() != expected) {
                return Outcome.lost(current);
            }
            if (forget(key, current)) {
                return Outcome.DONE;
            }
        }
    }

    @Override
    public Optional<SubjectIndex> subjectIndex() {
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
        Round round = new Round(expiredBefore, deliver);
        int forgotten = anonymous.visit(expiredBefore, limit, sessions::get, round);
        forgotten += signedIn.visit(expiredBefore, limit - forgotten - round.failures, sessions::get, round);
        if (round.failure != null) {
            throw round.failure;
        }
        return forgotten;
    }

    /** Tells of each that has expired and forgets it. What whoever is told throws goes up after the last one. */
    private final class Round implements Timetable.Visitor {
        private final Instant expiredBefore;
        private final BiConsumer<StoreKey, StoredSession> deliver;
        private int failures;
        private @Nullable RuntimeException failure;

        Round(Instant expiredBefore, BiConsumer<StoreKey, StoredSession> deliver) {
            this.expiredBefore = expiredBefore;
            this.deliver = deliver;
        }

        @Override
        public Fate visit(StoreKey key, StoredSession session) {
            if (!session.expiresAt().isBefore(expiredBefore)) {
                return Fate.LEFT;
            }
            try {
                deliver.accept(key, session);
            } catch (RuntimeException e) {
                failures++;
                failure = failure == null ? e : failure;
                return Fate.PUT_OFF;
            }
            return forget(key, session) ? Fate.TAKEN : Fate.LEFT;
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
     * How many sessions were forgotten before their time because the store was full.
     *
     * @return the number since this store was made
     */
    public long evicted() {
        return evicted.get();
    }

    /** Forgets everything. */
    @Override
    public void close() {
        sessions.forEach(this::forget);
    }

    private boolean forget(StoreKey key, StoredSession session) {
        if (!sessions.remove(key, session)) {
            return false;
        }
        count.decrementAndGet();
        bytes.addAndGet(-cost(session));
        subjects.removed(session.subject(), key);
        return true;
    }

    private Timetable timetable(StoredSession session) {
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
                            + " bytes) and somebody is signed in to each of its sessions: raise the ceiling, shorten the idle"
                            + " timeout, or use a store outside of this process",
                    null);
        }
    }

    private int evictSome() {
        int expired = sweep(clock.instant().minus(GRACE), EVICTED_TOGETHER, (key, session) -> {});
        if (expired > 0) {
            return expired;
        }
        int forgotten = anonymous.visit(
                Instant.MAX,
                EVICTED_TOGETHER,
                sessions::get,
                (key, session) -> forget(key, session) ? Fate.TAKEN : Fate.LEFT);
        long before = evicted.getAndAdd(forgotten);
        boolean worthALine = before == 0 || before / EVICTED_PER_LINE != (before + forgotten) / EVICTED_PER_LINE;
        if (forgotten > 0 && worthALine) {
            System.getLogger("dev.sojourn")
                    .log(
                            Level.WARNING,
                            "the memory store is full (" + maxSessions + " sessions or " + maxBytes
                                    + " bytes): it forgets idle sessions that nobody is signed in to, "
                                    + (before + forgotten) + " so far");
        }
        return forgotten;
    }

    /** Says how full it is, nothing of what is inside. */
    @Override
    public String toString() {
        return "MemoryStore[" + count + " sessions, " + bytes + " bytes]";
    }

    /** The ceilings. Not thread-safe. */
    public static final class Builder {
        private Clock clock = Clock.systemUTC();
        private long maxSessions = 100_000;
        private long maxBytes = 256L << 20;

        private Builder() {}

        /**
         * What time it is. Default: the system's clock.
         *
         * @param clock the clock
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
