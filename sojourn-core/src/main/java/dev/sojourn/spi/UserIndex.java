package dev.sojourn.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sessions of a user. It may name keys that are gone or that belong to somebody else by now; it never misses a
 * live one that was entered before the call.
 *
 * <p><b>How the engine uses it.</b> It enters a key before it creates the record, and once more, with an {@code until}
 * that differs, after it: whoever drops an entry in between because no record stood there drops the first entry, never
 * the second. Both calls tell the subject's epoch. A session is given to its client only if the two are equal, so that
 * an end of all sessions, which advances the epoch before it looks, never overlooks one that is just being made. A session that
 * is used is entered anew now and then, so that its entry lasts as long as it does; a record that is removed or retired
 * {@linkplain #leave leaves}.
 *
 * <p><b>Time.</b> An instant that is handed over is one of the node's clock, which may be wrong. A store that keeps entries
 * until an instant takes from it how long to keep them, and reckons by its own clock.
 *
 * <p>A store whose {@link #find} looks at the records themselves has nothing to enter: it tells the epoch, and names no
 * record that is not there. Such a store need not remember {@code until}.
 *
 * <p>Thread-safe. All methods may block.
 */
public interface UserIndex {
    /**
     * How long an epoch is kept at least, by the time of the store that keeps it: longer than a sign-in may take, whatever
     * the clock says of the node that advances it.
     */
    Duration SHORTEST_EPOCH = Duration.ofHours(1);

    /**
     * A key that was entered for a user.
     *
     * @param key the record's key
     * @param until when the entry may be forgotten by the store's own clock, to the millisecond, the latest that it was entered
     *     with; tells an entry from one that was entered anew
     */
    record Entry(StoreKey key, Instant until) {
        /**
         * Checks that nothing is missing.
         *
         * @param key the record's key
         * @param until when the entry may be forgotten
         */
        public Entry {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(until, "until");
        }
    }

    /**
     * Enters a key under its user and tells the user's epoch, in one atomic step. For a key that is entered already the
     * later one of the two {@code until} stays: of two requests that change how long a session lasts, neither may make its
     * entry end before its record. A store may keep an instant that is a little later still, so that the entry is told from what it
     * was.
     *
     * @param subject the user
     * @param key the key of a record that is about to be created, or just was
     * @param until when the entry may be forgotten: the record has come to its end by then
     * @return the user's epoch; 0 if it was never advanced, or so long ago that it was forgotten
     * @throws StoreException if the store cannot answer
     */
    long enter(String subject, StoreKey key, Instant until);

    /**
     * Gives the user's epoch a value that it has not had before: not 0, unpredictable enough never to come twice.
     *
     * @param subject the user
     * @param keepUntil when the epoch may be forgotten, but not before {@link #SHORTEST_EPOCH} has passed
     * @throws StoreException if the store cannot answer
     */
    void advanceEpoch(String subject, Instant keepUntil);

    /**
     * The next entries of a user, in an order that is the same in every call. If the entry to go on from is gone, they
     * may begin again with the first.
     *
     * @param subject the user
     * @param after the last entry of the page before, or null for the first page
     * @param limit how many entries at most, at least 1
     * @return the entries; fewer than {@code limit} only at the end
     * @throws StoreException if the store cannot answer
     */
    List<Entry> find(String subject, @Nullable Entry after, int limit);

    /**
     * Drops an entry whose record is gone or belongs to the user no more, unless it was entered anew meanwhile.
     *
     * @param subject the user
     * @param entry the entry as {@link #find} gave it
     * @throws StoreException if the store cannot answer
     */
    void drop(String subject, Entry entry);

    /**
     * Drops a user's key for good: its record was just removed, or another one took its place, and no record will stand under
     * that key again. Default: nothing, for an index whose entries go with their records. Where entries lie apart, one that is
     * left behind costs the next list of the user's sessions a look.
     *
     * @param subject the user
     * @param key the key
     * @throws StoreException if the store cannot answer
     */
    default void leave(String subject, StoreKey key) {}
}
