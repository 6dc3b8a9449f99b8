package dev.sojourn;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
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

    /** What becomes of a session that was visited. */
    enum Fate {
        /** It was taken away. */
        TAKEN,
        /** It stays where it is. */
        LEFT,
        /** It was to be taken away and could not be: it is visited again, after all others. */
        PUT_OFF
    }

    /** Visits one session. */
    interface Visitor {
        /** Says what becomes of it. */
        Fate visit(StoreKey key, StoredSession session);
    }

    void enter(StoreKey key, Instant expiresAt) {
        enter(key, minute(expiresAt));
    }

    private void enter(StoreKey key, long expiresIn) {
        // Inside compute, so that a minute that a visitor finds empty is not removed under a key just entered.
        minutes.compute(expiresIn, (minute, present) -> {
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
     * @param visitor takes a session away, or not
     * @return how many were taken
     */
    int visit(Instant until, int limit, Function<StoreKey, @Nullable StoredSession> lookUp, Visitor visitor) {
        int taken = 0;
        Set<StoreKey> putOff = new HashSet<>();
        long last = minute(until);
        for (Map.Entry<Long, Set<StoreKey>> entry : minutes.headMap(last, true).entrySet()) {
            for (StoreKey key : entry.getValue()) {
                if (taken + putOff.size() >= limit) {
                    return taken;
                }
                if (putOff.contains(key)) {
                    continue;
                }
                Fate fate = visit(key, entry.getKey(), lookUp.apply(key), visitor);
                if (fate == Fate.PUT_OFF) {
                    putOff.add(key);
                    // Others first next time. The last minute is where the next visit gets to in any case.
                    move(key, entry.getKey(), last);
                }
                taken += fate == Fate.TAKEN ? 1 : 0;
            }
            minutes.computeIfPresent(entry.getKey(), (minute, keys) -> keys.isEmpty() ? null : keys);
        }
        return taken;
    }

    private Fate visit(StoreKey key, long minute, @Nullable StoredSession session, Visitor visitor) {
        if (session != null && minute(session.expiresAt()) > minute) {
            move(key, minute, minute(session.expiresAt()));
            return Fate.LEFT;
        }
        Fate fate = session == null ? Fate.LEFT : visitor.visit(key, session);
        if (session == null || fate == Fate.TAKEN) {
            leave(key, minute);
        }
        return fate;
    }

    private void move(StoreKey key, long from, long to) {
        if (from != to) {
            enter(key, to);
            leave(key, from);
        }
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
