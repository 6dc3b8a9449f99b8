package dev.sojourn.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Caches when the first record of each due set expires, so that a sweep queries only sets in which something may be due.
 * Querying all 4,096 sets each time would cost more than the sessions themselves.
 *
 * <p>Writes of this node are noted at once. Writes of other nodes are found when a set is queried again, which happens after
 * a minute at the latest. Thread-safe.
 */
final class DueTimeCache {
    private static final long STALE_AFTER_NANOS = Duration.ofSeconds(60).toNanos();
    private static final long UNKNOWN = Long.MIN_VALUE;
    private static final long NONE = Long.MAX_VALUE;

    private final AtomicLongArray firstExpiry = new AtomicLongArray(KeyLayout.TAGS);
    private final AtomicLongArray queriedAt = new AtomicLongArray(KeyLayout.TAGS);

    DueTimeCache() {
        for (int tag = 0; tag < KeyLayout.TAGS; tag++) {
            firstExpiry.set(tag, UNKNOWN);
        }
    }

    /** Notes that a record of this set expires at this time. */
    void noteExpiry(int tag, long expiry) {
        if (expiry < firstExpiry.get(tag)) {
            firstExpiry.accumulateAndGet(tag, expiry, Math::min);
        }
    }

    /** Notes that the set is queried now. Expiries noted from now on count in addition to the result. */
    void beginQuery(int tag) {
        queriedAt.set(tag, System.nanoTime());
        firstExpiry.set(tag, NONE);
    }

    /** Makes the next sweep query the set, whatever it knows. */
    void invalidate(int tag) {
        firstExpiry.set(tag, UNKNOWN);
    }

    /** Returns the sets in which something may have expired before a time, in ring order from one of them. */
    List<Integer> candidates(int from, long before) {
        long now = System.nanoTime();
        List<Integer> candidates = new ArrayList<>();
        for (int i = 0; i < KeyLayout.TAGS; i++) {
            int tag = (from + i) % KeyLayout.TAGS;
            if (firstExpiry.get(tag) < before || now - queriedAt.get(tag) > STALE_AFTER_NANOS) {
                candidates.add(tag);
            }
        }
        return candidates;
    }
}
