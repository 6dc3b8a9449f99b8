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
 * Orders records by the minute in which they may expire. Each record has one place and removes it when it is removed,
 * so no place outlives its record. A later expiry, which every use causes, leaves the place unchanged: a visit finds
 * the stale place and moves it. Using a session therefore costs nothing here, and the first places belong to the
 * records that have been idle longest.
 *
 * <p>A visit looks at a bounded number of places, whatever it finds there.
 *
 * <p>Thread-safe without a lock.
 */
final class ExpiryBuckets {
    /** The number of places that a visit may look at for each record that it may remove. */
    private static final int VISITS_PER_REMOVAL = 10;

    /** The number of places that a visit may look at in any case. */
    private static final int MIN_VISITS = 1_000;

    private final ConcurrentSkipListMap<Place, StoreKey> places = new ConcurrentSkipListMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /**
     * The position of a record.
     *
     * @param minute the minute in which the record may expire
     * @param number a number within that minute, used once
     */
    record Place(long minute, long number) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byMinute = Long.compare(minute, other.minute);
            return byMinute != 0 ? byMinute : Long.compare(number, other.number);
        }
    }

    /** The result of a visit to a record. */
    enum VisitResult {
        /** The record was removed. */
        REMOVED,
        /** The record stays where it is. */
        KEPT,
        /** The record could not be removed. Later visits come to it after all other records. */
        POSTPONED
    }

    /** The records behind the places. */
    interface Records {
        /** Returns the current entry of a key, or null. */
        @Nullable
        MemoryEntry lookUp(StoreKey key);

        /** Gives a record another place, unless it has changed since. */
        void move(StoreKey key, MemoryEntry held, Instant expiry);

        /** Handles a record that may have expired. */
        VisitResult visit(StoreKey key, MemoryEntry held);
    }

    Place add(StoreKey key, Instant expiry) {
        Place place = new Place(minute(expiry), numbers.incrementAndGet());
        places.put(place, key);
        return place;
    }

    void remove(Place place) {
        places.remove(place);
    }

    /** Returns whether a record at this place would be found too late for its expiry. */
    static boolean isTooLate(Place place, Instant expiry) {
        return minute(expiry) < place.minute();
    }

    /** Returns the number of places. Counts them one by one. */
    int size() {
        return places.size();
    }

    /**
     * Visits records, starting with the earliest place.
     *
     * @param upTo the last instant whose minute is visited
     * @param limit the maximum number of records to remove
     * @param records the records
     * @return the number of records removed
     */
    int visit(Instant upTo, int limit, Records records) {
        int removed = 0;
        int visitsLeft = (int) Math.min(Integer.MAX_VALUE, Math.max(MIN_VISITS, (long) VISITS_PER_REMOVAL * limit));
        List<StoreKey> postponed = new ArrayList<>();
        Place last = new Place(minute(upTo), Long.MAX_VALUE);
        for (Map.Entry<Place, StoreKey> entry : places.headMap(last, true).entrySet()) {
            if (removed + postponed.size() >= limit || visitsLeft-- <= 0) {
                break;
            }
            switch (visit(entry.getKey(), entry.getValue(), records)) {
                case REMOVED -> removed++;
                case POSTPONED -> postponed.add(entry.getValue());
                case KEPT -> {}
            }
        }
        // Last within the last minute, which the next visit reaches in any case.
        postponed.forEach(key -> postpone(key, upTo, records));
        return removed;
    }

    private static VisitResult visit(Place place, StoreKey key, Records records) {
        MemoryEntry held = records.lookUp(key);
        if (held == null || !held.place().equals(place)) {
            // The record is being moved to this place, or from it to another.
            return VisitResult.KEPT;
        }
        Instant expiry = held.session().expiresAt();
        if (minute(expiry) > place.minute()) {
            records.move(key, held, expiry);
            return VisitResult.KEPT;
        }
        return records.visit(key, held);
    }

    private static void postpone(StoreKey key, Instant upTo, Records records) {
        MemoryEntry held = records.lookUp(key);
        if (held != null) {
            records.move(key, held, upTo);
        }
    }

    private static long minute(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), 60L);
    }
}
