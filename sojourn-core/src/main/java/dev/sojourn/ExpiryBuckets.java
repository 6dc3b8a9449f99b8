package dev.sojourn;

import dev.sojourn.spi.StoreKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The order in which records may expire, minute by minute. Each record has one place and takes it along when it goes, so
 * nothing here outlives a record. An expiry that moves later, as it does with every use, leaves the place as it is: a visitor
 * of the old place finds out and moves it. So using a session costs nothing here, and the first places are those of the
 * longest idle.
 *
 * <p>A visit looks at a bounded number of places, whatever it finds there.
 *
 * <p>Thread-safe without a lock.
 */
final class ExpiryBuckets {
    /** How many places a visit looks at, for each record that it may take and at least. */
    private static final int LOOKED_AT_FOR_EACH = 10;

    private static final int FEWEST_LOOKED_AT = 1_000;

    private final ConcurrentSkipListMap<Place, StoreKey> places = new ConcurrentSkipListMap<>();
    private final AtomicLong turns = new AtomicLong();

    /**
     * A record's place.
     *
     * @param minute the minute in which the record may expire
     * @param turn its turn within that minute, used once
     */
    record Place(long minute, long turn) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byMinute = Long.compare(minute, other.minute);
            return byMinute != 0 ? byMinute : Long.compare(turn, other.turn);
        }
    }

    /** What becomes of a record that was visited. */
    enum Fate {
        /** It was taken away. */
        TAKEN,
        /** It stays where it is. */
        LEFT,
        /** It was to be taken away and could not be: the next visits come to it after all others. */
        PUT_OFF
    }

    /** The records behind the places. */
    interface Records {
        /** What stands under a key now, or null. */
        @Nullable
        MemoryEntry lookUp(StoreKey key);

        /** Gives a record another place, unless it was changed meanwhile. */
        void move(StoreKey key, MemoryEntry held, Instant expiry);

        /** Says what becomes of a record that may have expired. */
        Fate visit(StoreKey key, MemoryEntry held);
    }

    Place enter(StoreKey key, Instant expiry) {
        Place place = new Place(minute(expiry), turns.incrementAndGet());
        places.put(place, key);
        return place;
    }

    void leave(Place place) {
        places.remove(place);
    }

    /** Whether a record at a place would not be looked for at its expiry any more. */
    static boolean isTooLate(Place place, Instant expiry) {
        return minute(expiry) < place.minute();
    }

    /** How many places there are. Counts them one by one. */
    int size() {
        return places.size();
    }

    /**
     * Visits records from the earliest place on.
     *
     * @param until the last instant whose minute is visited
     * @param limit how many records are taken at most
     * @param records the records
     * @return how many were taken
     */
    int visit(Instant until, int limit, Records records) {
        int taken = 0;
        int looksLeft =
                (int) Math.min(Integer.MAX_VALUE, Math.max(FEWEST_LOOKED_AT, (long) LOOKED_AT_FOR_EACH * limit));
        List<StoreKey> putOff = new ArrayList<>();
        Place last = new Place(minute(until), Long.MAX_VALUE);
        for (Map.Entry<Place, StoreKey> entry : places.headMap(last, true).entrySet()) {
            if (taken + putOff.size() >= limit || looksLeft-- <= 0) {
                break;
            }
            switch (visit(entry.getKey(), entry.getValue(), records)) {
                case TAKEN -> taken++;
                case PUT_OFF -> putOff.add(entry.getValue());
                case LEFT -> {}
            }
        }
        // Behind all others of the last minute, which the next visit gets to in any case.
        putOff.forEach(key -> putOff(key, until, records));
        return taken;
    }

    private static Fate visit(Place place, StoreKey key, Records records) {
        MemoryEntry held = records.lookUp(key);
        if (held == null || !held.place().equals(place)) {
            // On its way here, or from here to another place.
            return Fate.LEFT;
        }
        Instant expiry = held.session().expiresAt();
        if (minute(expiry) > place.minute()) {
            records.move(key, held, expiry);
            return Fate.LEFT;
        }
        return records.visit(key, held);
    }

    private static void putOff(StoreKey key, Instant until, Records records) {
        MemoryEntry held = records.lookUp(key);
        if (held != null) {
            records.move(key, held, until);
        }
    }

    private static long minute(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), 60L);
    }
}
