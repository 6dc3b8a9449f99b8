package dev.sojourn;

import dev.sojourn.ExpiryBuckets.Place;
import dev.sojourn.spi.StoredSession;

/**
 * A record as {@link MemoryStore} holds it. Immutable, and told from another one by identity: each change is a swap of one
 * object for the next.
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

    /** Grows with each record that is created: tells two records of one key apart, and which one is older. */
    long number() {
        return number;
    }

    /** Where the timetable names it: at its expiry or earlier, never later. */
    Place place() {
        return place;
    }

    MemoryEntry at(Place other) {
        return new MemoryEntry(session, number, other);
    }
}
