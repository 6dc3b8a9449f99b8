package dev.sojourn.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What this node knows of when the first record of each set expires, so that a sweep asks only where something may be due.
 * Asking all 4,096 sets each time would cost more than the sessions themselves.
 *
 * <p>What this node writes it knows at once. What others write it learns when it looks again, after a minute at the latest.
 */
final class DueTimeCache {
    private static final long FORGOTTEN_AFTER = Duration.ofSeconds(60).toNanos();
    private static final long UNKNOWN = Long.MIN_VALUE;
    private static final long NOTHING = Long.MAX_VALUE;

    private final AtomicLongArray first = new AtomicLongArray(KeyLayout.TAGS);
    private final AtomicLongArray learnedAt = new AtomicLongArray(KeyLayout.TAGS);

    DueTimeCache() {
        for (int tag = 0; tag < KeyLayout.TAGS; tag++) {
            first.set(tag, UNKNOWN);
        }
    }

    /** A record of this set expires at this time. */
    void note(int tag, long expiry) {
        if (expiry < first.get(tag)) {
            first.accumulateAndGet(tag, expiry, Math::min);
        }
    }

    /** The set is asked now; what is written from here on counts beside the answer. */
    void asking(int tag) {
        learnedAt.set(tag, System.nanoTime());
        first.set(tag, NOTHING);
    }

    /** The set has to be asked the next time, whatever it said. */
    void unsure(int tag) {
        first.set(tag, UNKNOWN);
    }

    /** The sets in which something may have expired before this time, all once round from one of them. */
    List<Integer> candidates(int from, long before) {
        long now = System.nanoTime();
        List<Integer> candidates = new ArrayList<>();
        for (int i = 0; i < KeyLayout.TAGS; i++) {
            int tag = (from + i) % KeyLayout.TAGS;
            if (first.get(tag) < before || now - learnedAt.get(tag) > FORGOTTEN_AFTER) {
                candidates.add(tag);
            }
        }
        return candidates;
    }
}
