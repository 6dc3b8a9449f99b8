package dev.sojourn;

import dev.sojourn.ExpiryBuckets.Place;
import dev.sojourn.ExpiryBuckets.VisitResult;
import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.FirstFailure;
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
 * A store that keeps sessions in this process's memory: for one node, for tests, and for a first start. Its sessions
 * end with the process.
 *
 * <p>Thread-safe; blocks only briefly for bookkeeping; has no thread of its own. The sweeps of {@link Sessions} remove
 * expired records, and so does the store itself when it is full.
 *
 * <p><b>Full.</b> At its limit the store first removes expired records, then evicts idle sessions without a signed-in
 * user, longest idle first, and logs a warning; no listener is notified of either. It never evicts a signed-in session
 * to make room: when only those are left, new sessions are refused with {@link StoreException#notDone}. So that no
 * single account causes that, there is a limit for each user, too: one more session evicts the user's oldest.
 */
public final class MemoryStore implements SessionStore {
    /** The approximate cost of an entry in addition to its payload: keys, map nodes, the record. */
    private static final int BYTES_PER_ENTRY = 400;

    /** How many records are evicted at once when the store is full, so that not every new session has to make room. */
    private static final int EVICTED_TOGETHER = 64;

    private static final long FEWEST_PER_USER = 10;
    /** How many users with the maximum number of sessions fit into the store by default. */
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
    private final MemoryUserIndex userIndex;
    private final long maxSessions;
    private final long maxSessionsPerUser;
    private final long maxBytes;

    private MemoryStore(Builder builder) {
        this.time = builder.clock != null ? builder.clock : MonotonicTime.fromNow();
        this.userIndex = new MemoryUserIndex(time, sessions::get);
        this.maxSessions = builder.maxSessions;
        this.maxSessionsPerUser = builder.maxSessionsPerUser();
        this.maxBytes = builder.maxBytes;
        this.whenFull = new Evictions("the memory store is full (" + maxSessions + " sessions or " + maxBytes
                + " bytes): it evicts idle sessions without a signed-in user");
        this.whenUserIsFull = new Evictions("a user is signed in " + maxSessionsPerUser
                + " times (maxSessionsPerUser of the memory store): the user's oldest sessions are evicted");
    }

    /** Creates a store with the default limits and the system's clock. */
    public MemoryStore() {
        this(builder());
    }

    /**
     * Creates a builder for a store with other limits.
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
        // Into the buckets first: a thread that counts the session must be able to find it there and make room.
        ExpiryBuckets buckets = buckets(session);
        MemoryEntry held = new MemoryEntry(session, numbers.incrementAndGet(), buckets.add(key, session.expiresAt()));
        if (sessions.putIfAbsent(key, held) != null) {
            buckets.remove(held.place());
            return false;
        }
        count.incrementAndGet();
        bytes.addAndGet(cost(session));
        if (session.subject() != null) {
            addToIndex(session.subject(), key, held);
        }
        return true;
    }

    /** Evicts the user's oldest sessions above the limit, so that no account takes the room of all others. */
    private void addToIndex(String subject, StoreKey key, MemoryEntry held) {
        int many = userIndex.add(subject, key, held.number());
        for (long tooMany = many - maxSessionsPerUser; tooMany > 0; tooMany--) {
            StoreKey oldest = userIndex.oldest(subject);
            MemoryEntry entry = oldest == null ? null : sessions.get(oldest);
            if (oldest != null && entry != null && remove(oldest, entry)) {
                whenUserIsFull.count(1);
            }
        }
    }

    @Override
    public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
        while (true) {
            MemoryEntry current = sessions.get(key);
            if (current == null) {
                return Outcome.absent();
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

    /** Replaces a record. A later expiry leaves the record's place as it is. */
    private boolean replace(StoreKey key, MemoryEntry current, StoredSession next) {
        StoredSession before = current.session();
        ExpiryBuckets buckets = buckets(next);
        boolean stays = buckets == buckets(before) && !ExpiryBuckets.isTooLate(current.place(), next.expiresAt());
        Place place = stays ? current.place() : buckets.add(key, next.expiresAt());
        boolean done = sessions.replace(key, current, new MemoryEntry(next, current.number(), place));
        if (!stays) {
            (done ? buckets(before) : buckets).remove(done ? current.place() : place);
        }
        if (done && before.subject() != null && next.subject() == null) {
            userIndex.remove(before.subject(), current.number());
        }
        return done;
    }

    @Override
    public Outcome delete(StoreKey key, long expected) {
        while (true) {
            MemoryEntry current = sessions.get(key);
            if (current == null) {
                return Outcome.absent();
            }
            if (current.session().version() != expected) {
                return Outcome.lost(current.session());
            }
            if (remove(key, current)) {
                return Outcome.DONE;
            }
        }
    }

    @Override
    public Optional<UserIndex> userIndex() {
        return Optional.of(userIndex);
    }

    @Override
    public Optional<ExpirySweep> expirySweep() {
        return Optional.of(this::sweepOnce);
    }

    /** Sweeps, unless another sweep is in progress. */
    private int sweepOnce(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver) {
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
        // Alternates: all records of one kind up to the limit may fail delivery, which must not keep the other kind
        // from being swept.
        boolean anonymousFirst = (sweeps.getAndIncrement() & 1) == 0;
        ExpiryBuckets one = anonymousFirst ? anonymous : signedIn;
        ExpiryBuckets other = anonymousFirst ? signedIn : anonymous;
        FirstFailure failures = new FirstFailure();
        int removed = one.visit(expiredBefore, limit, new Sweep(one, expiredBefore, deliver, failures));
        int left = limit - removed - failures.count();
        if (left > 0) {
            removed += other.visit(expiredBefore, left, new Sweep(other, expiredBefore, deliver, failures));
        }
        failures.throwIfAny();
        return removed;
    }

    /** The records behind one set of buckets. */
    private abstract class BucketRecords implements ExpiryBuckets.Records {
        private final ExpiryBuckets buckets;

        BucketRecords(ExpiryBuckets buckets) {
            this.buckets = buckets;
        }

        @Override
        public @Nullable MemoryEntry lookUp(StoreKey key) {
            return sessions.get(key);
        }

        @Override
        public void move(StoreKey key, MemoryEntry held, Instant expiry) {
            Place place = buckets.add(key, expiry);
            boolean done = sessions.replace(key, held, held.withPlace(place));
            buckets.remove(done ? held.place() : place);
        }
    }

    /** Reports and removes each expired record, and continues after a failed delivery. */
    private final class Sweep extends BucketRecords {
        private final Instant expiredBefore;
        private final BiConsumer<StoreKey, StoredSession> deliver;
        private final FirstFailure failures;

        Sweep(
                ExpiryBuckets buckets,
                Instant expiredBefore,
                BiConsumer<StoreKey, StoredSession> deliver,
                FirstFailure failures) {
            super(buckets);
            this.expiredBefore = expiredBefore;
            this.deliver = deliver;
            this.failures = failures;
        }

        @Override
        public VisitResult visit(StoreKey key, MemoryEntry held) {
            if (!held.session().expiresAt().isBefore(expiredBefore)) {
                return VisitResult.KEPT;
            }
            if (!failures.attempt(() -> deliver.accept(key, held.session()))) {
                return VisitResult.POSTPONED;
            }
            return remove(key, held) ? VisitResult.REMOVED : VisitResult.KEPT;
        }
    }

    /** Evicts the longest idle records. */
    private class Eviction extends BucketRecords {
        int evicted;

        Eviction() {
            super(anonymous);
        }

        @Override
        public VisitResult visit(StoreKey key, MemoryEntry held) {
            if (!remove(key, held)) {
                return VisitResult.KEPT;
            }
            evicted++;
            return VisitResult.REMOVED;
        }
    }

    /** Evicts the first records even if they were used since they got their place: room is needed immediately. */
    private final class UnconditionalEviction extends Eviction {
        @Override
        public void move(StoreKey key, MemoryEntry held, Instant expiry) {
            if (evicted < EVICTED_TOGETHER) {
                visit(key, held);
            }
        }
    }

    /**
     * Returns the number of sessions.
     *
     * @return the number, including expired ones that were not swept yet
     */
    public long size() {
        return count.get();
    }

    /**
     * Returns the approximate memory that the sessions use.
     *
     * @return bytes: payloads and a flat rate for each session
     */
    public long bytes() {
        return bytes.get();
    }

    /**
     * Returns how many sessions were evicted because the store was full, or because their user had too many.
     *
     * @return the number since this store was created
     */
    public long evictions() {
        return whenFull.sum() + whenUserIsFull.sum();
    }

    /** Returns the number of places in the buckets, counted one by one. */
    int places() {
        return anonymous.size() + signedIn.size();
    }

    /** Returns the number of users with a session. */
    int users() {
        return userIndex.users();
    }

    /** Returns the number of users with an epoch. */
    int epochs() {
        return userIndex.epochs();
    }

    /** Returns the configured clock, or else a clock that adjustments of the system's clock do not affect. */
    @Override
    public Optional<InstantSource> storeClock() {
        return Optional.of(time);
    }

    /** Removes all records. */
    @Override
    public void close() {
        sessions.forEach(this::remove);
    }

    private boolean remove(StoreKey key, MemoryEntry held) {
        if (!sessions.remove(key, held)) {
            return false;
        }
        StoredSession session = held.session();
        buckets(session).remove(held.place());
        count.decrementAndGet();
        bytes.addAndGet(-cost(session));
        if (session.subject() != null) {
            userIndex.remove(session.subject(), held.number());
        }
        return true;
    }

    private ExpiryBuckets buckets(StoredSession session) {
        return session.subject() == null ? anonymous : signedIn;
    }

    private static long cost(StoredSession session) {
        return session.payload().length + (long) BYTES_PER_ENTRY;
    }

    private boolean hasRoomFor(int more, long moreBytes) {
        return count.get() + more <= maxSessions && bytes.get() + moreBytes <= maxBytes;
    }

    private void makeRoomFor(int more, long moreBytes) {
        if (hasRoomFor(more, moreBytes)) {
            return;
        }
        makingRoom.lock();
        try {
            while (!hasRoomFor(more, moreBytes) && evictSome() > 0) {
                // Again: the evicted records may have been small.
            }
        } finally {
            makingRoom.unlock();
        }
        if (!hasRoomFor(more, moreBytes)) {
            throw StoreException.notDone(
                    "the memory store is full (" + maxSessions + " sessions or " + maxBytes
                            + " bytes) and a user is signed in to each of its sessions: raise the limit, shorten the idle"
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
        if (eviction.evicted == 0) {
            eviction = new UnconditionalEviction();
            anonymous.visit(Instant.MAX, EVICTED_TOGETHER, eviction);
        }
        whenFull.count(eviction.evicted);
        return eviction.evicted;
    }

    /** Shows sizes only, nothing of the contents. */
    @Override
    public String toString() {
        return "MemoryStore[" + count + " sessions, " + bytes + " bytes]";
    }

    /** The store's limits. Not thread-safe. */
    public static final class Builder {
        private @Nullable Clock clock;
        private long maxSessions = 100_000;
        private long maxSessionsPerUser;
        private long maxBytes = 256L << 20;

        private Builder() {}

        /**
         * Sets the clock, for tests. Default: a clock that starts with the system's time when the store is created and
         * that adjustments of the system's clock do not affect.
         *
         * @param clock the clock that the sessions use
         * @return this
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets the maximum number of sessions. Default 100,000.
         *
         * @param sessions at least 1
         * @return this
         */
        public Builder maxSessions(long sessions) {
            this.maxSessions = requireAtLeastOne("maxSessions", sessions);
            return this;
        }

        /**
         * Sets the maximum number of sessions of one user: one more evicts the user's oldest, with a warning. It keeps
         * one account from taking the room of all others; how often a user may be signed in is for the application to
         * decide. Default: a hundredth of {@link #maxSessions}, which is 1,000, but at least 10.
         *
         * @param sessions at least 1
         * @return this
         */
        public Builder maxSessionsPerUser(long sessions) {
            this.maxSessionsPerUser = requireAtLeastOne("maxSessionsPerUser", sessions);
            return this;
        }

        private long maxSessionsPerUser() {
            return maxSessionsPerUser > 0
                    ? maxSessionsPerUser
                    : Math.max(FEWEST_PER_USER, maxSessions / USERS_THAT_FIT);
        }

        /**
         * Sets the maximum memory, approximately: the payloads and 400 bytes for each session. Default 256 MiB.
         *
         * @param bytes at least 1
         * @return this
         */
        public Builder maxBytes(long bytes) {
            this.maxBytes = requireAtLeastOne("maxBytes", bytes);
            return this;
        }

        private static long requireAtLeastOne(String option, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(option + " must be at least 1, but was " + value);
            }
            return value;
        }

        /**
         * Creates a store with these limits.
         *
         * @return the store
         */
        public MemoryStore build() {
            return new MemoryStore(this);
        }
    }
}
