package dev.sojourn.engine;

import dev.sojourn.spi.StoreKey;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which sessions this process knows to have been used recently, so that a request that does not use its
 * session need not read the store either. Each session has one slot in a table of fixed size; two sessions that share a
 * slot evict each other, which costs a load and loses nothing. No lock, no thread, no I/O.
 */
final class AccessCache {
    private static final int PLACES = 1 << 16;

    private final Deadlines deadlines;
    private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

    /** A session that need not be touched before a certain time. */
    private record Known(StoreKey key, long until) {}

    AccessCache(Deadlines deadlines) {
        this.deadlines = deadlines;
    }

    /**
     * Returns whether this request has to extend the session's idle timeout. If so, no other request of this process
     * has to for one touch interval, whatever the result: an unavailable store is not called by every request.
     */
    @SuppressWarnings("ReferenceEquality") // compareAndExchange succeeded if it returns the very object
    boolean claim(StoreKey key, long now) {
        int place = placeOf(key);
        Known known = places.get(place);
        long latest = latest(now);
        boolean mine = known != null && known.key().equals(key);
        // A clock that was ahead for a moment must not suppress touches until that time.
        if (mine && now < known.until() && known.until() <= latest) {
            return false;
        }
        if (places.compareAndSet(place, known, new Known(key, latest))) {
            return true;
        }
        // A request that loses to one of the same session is done; one that loses to another session is not.
        Known winner = places.get(place);
        return winner == null || !winner.key().equals(key);
    }

    /** Remembers what a request has read or written. */
    void note(RecordSnapshot snapshot, long now) {
        long due = deadlines.touchDueAt(snapshot.stored().expiresAt(), snapshot.record());
        places.set(placeOf(snapshot.key()), new Known(snapshot.key(), Math.min(due, latest(now))));
    }

    private long latest(long now) {
        return now + deadlines.touchInterval().toMillis();
    }

    private static int placeOf(StoreKey key) {
        int hash = key.hashCode();
        return (hash ^ (hash >>> 16)) & (PLACES - 1);
    }
}
