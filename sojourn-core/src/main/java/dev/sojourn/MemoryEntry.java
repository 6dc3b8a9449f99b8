package dev.sojourn;

import dev.sojourn.ExpiryBuckets.Place;
import dev.sojourn.spi.StoredSession;

/**
 * A record as {@link MemoryStore} holds it. Immutable and compared by identity: each change swaps one object for the
 * next.
 */
final class MemoryEntry {
    private final StoredSession session;
    private final long number;
    private final Place place;

    MemoryEntry(StoredSession session, long number, Place place) {
        this.session = session;
        this.number = number;
        this.place = place;
    }

    StoredSession session() {
        return session;
    }

    /**
     * Returns a number that grows with each record created. It distinguishes two records of one key and shows which is older.
     */
    long number() {
        return number;
    }

    /** Returns the place in the expiry buckets: at the record's expiry or earlier, never later. */
    Place place() {
        return place;
    }

    MemoryEntry withPlace(Place other) {
        return new MemoryEntry(session, number, other);
    }
}
