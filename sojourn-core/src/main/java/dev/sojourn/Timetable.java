package dev.sojourn;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which keys may expire when, minute by minute. A key is entered once; an expiry that moves later, as it does with every
 * use, is not written down: whoever visits the old minute finds out and enters the key anew. So using a session costs
 * nothing here, and the first minutes hold what was idle longest.
 *
 * <p>Thread-safe. A key may stand in several minutes; visiting sorts that out.
 */
final class Timetable {
    private final ConcurrentSkipListMap<Long, Set<StoreKey>> minutes = new ConcurrentSkipListMap<>();

    void enter(StoreKey key, Instant expiresAt) {
        // Inside compute, so that a minute that a visitor finds empty is not removed under a key just entered.
        minutes.compute(minute(expiresAt), (minute, present) -> {
            Set<StoreKey> keys = present == null ? ConcurrentHashMap.newKeySet() : present;
            keys.add(key);
            return keys;
        });
    }

    /** Enters a key whose expiry moved to an earlier minute, where nobody would look for it otherwise. */
    void enterIfEarlier(StoreKey key, Instant before, Instant now) {
        if (minute(now) < minute(before)) {
            enter(key, now);
        }
    }

    /**
     * Visits sessions from the earliest minute on, up to the minute of an instant.
     *
     * @param until the last instant whose minute is visited
     * @param limit how many sessions are taken at most
     * @param lookUp what stands under a key now, or null
     * @param take takes a session away; false to leave it
     * @return how many were taken
     */
    int visit(
            Instant until,
            int limit,
            Function<StoreKey, @Nullable StoredSession> lookUp,
            BiPredicate<StoreKey, StoredSession> take) {
        int taken = 0;
        long last = minute(until);
        for (Map.Entry<Long, Set<StoreKey>> entry : minutes.headMap(last, true).entrySet()) {
            for (StoreKey key : entry.getValue()) {
                if (taken == limit) {
                    return taken;
                }
                taken += visit(key, entry.getKey(), lookUp.apply(key), take) ? 1 : 0;
            }
            minutes.computeIfPresent(entry.getKey(), (minute, keys) -> keys.isEmpty() ? null : keys);
        }
        return taken;
    }

    private boolean visit(
            StoreKey key, long minute, @Nullable StoredSession session, BiPredicate<StoreKey, StoredSession> take) {
        if (session != null && minute(session.expiresAt()) > minute) {
            enter(key, session.expiresAt());
            leave(key, minute);
            return false;
        }
        if (session == null || take.test(key, session)) {
            leave(key, minute);
            return session != null;
        }
        return false;
    }

    private void leave(StoreKey key, long minute) {
        minutes.computeIfPresent(minute, (at, keys) -> {
            keys.remove(key);
            return keys;
        });
    }

    private static long minute(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), 60L);
    }
}
