package dev.sojourn.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sessions of a user. It may return keys of absent records or of records that no longer belong to the user;
 * it never misses a live one that was entered before the call.
 *
 * <p><b>How the engine uses it.</b> The engine enters a key before it creates the record, and again, with a different
 * {@code keepUntil}, after that. A concurrent call that drops an entry because its record is absent drops the first entry,
 * never the second. Both calls return the subject's epoch. A session is given to its client only if the two are equal.
 * {@code endAll} advances the epoch before it looks for sessions, so it never misses one that is just being created. A
 * session in use is entered again from time to time, so that its entry lasts as long as the session; when a record is
 * removed or retired, the engine {@linkplain #removeKey removes its key}.
 *
 * <p><b>Time.</b> An instant passed in comes from the node's clock, which may be wrong. A store that keeps entries
 * until an instant derives a duration from it, and applies its own clock.
 *
 * <p>A store whose {@link #find} looks at the records themselves has nothing to enter: it returns the epoch, and never
 * returns an absent record. Such a store need not keep {@code keepUntil}.
 *
 * <p>Thread-safe. All methods may block.
 */
public interface UserIndex {
    /**
     * The minimum time that an epoch is kept, by the clock of the store that keeps it: longer than a login may take,
     * whatever the clock of the node that advances it.
     */
    Duration MIN_EPOCH_LIFETIME = Duration.ofHours(1);

    /**
     * A key that was entered for a user.
     *
     * @param key the record's key
     * @param keepUntil when the entry may be dropped by the store's own clock, to the millisecond, the latest with which it
     *     was entered; distinguishes an entry from one that was entered again
     */
    record Entry(StoreKey key, Instant keepUntil) {
        /**
         * Checks that nothing is missing.
         *
         * @param key the record's key
         * @param keepUntil when the entry may be dropped
         */
        public Entry {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(keepUntil, "keepUntil");
        }
    }

    /**
     * Enters a key for its user and returns the user's epoch, in one atomic step. For a key that is already entered the
     * later of the two {@code keepUntil} applies: if two requests change how long a session lasts, neither may make its
     * entry end before its record. A store may keep a slightly later instant, so that the entry differs from its
     * previous state.
     *
     * @param subject the user
     * @param key the key of a record that is about to be created, or was just created
     * @param keepUntil when the entry may be dropped: the record has ended by then
     * @return the user's epoch; 0 if it was never advanced, or so long ago that it was dropped
     * @throws StoreException if the store is unavailable
     */
    long enter(String subject, StoreKey key, Instant keepUntil);

    /**
     * Gives the user's epoch a value that it has not had before: not 0, and unpredictable enough that it never repeats.
     *
     * @param subject the user
     * @param keepUntil when the epoch may be dropped, but not before {@link #MIN_EPOCH_LIFETIME} has passed
     * @throws StoreException if the store is unavailable
     */
    void advanceEpoch(String subject, Instant keepUntil);

    /**
     * Returns the next entries of a user, in an order that is the same in every call. If the entry to continue from is
     * gone, they may start again with the first.
     *
     * @param subject the user
     * @param after the last entry of the previous page, or null for the first page
     * @param limit the maximum number of entries, at least 1
     * @return the entries; fewer than {@code limit} only at the end
     * @throws StoreException if the store is unavailable
     */
    List<Entry> find(String subject, @Nullable Entry after, int limit);

    /**
     * Drops an entry whose record is absent or no longer belongs to the user, unless it was entered again concurrently.
     *
     * @param subject the user
     * @param entry the entry as {@link #find} returned it
     * @throws StoreException if the store is unavailable
     */
    void drop(String subject, Entry entry);

    /**
     * Removes a user's key permanently: its record was just removed or retired, and no record will use that key again.
     * Does nothing by default, for an index whose entries are removed with their records. In a separate index, an entry
     * that is left behind costs the next list of the user's sessions one read.
     *
     * @param subject the user
     * @param key the key
     * @throws StoreException if the store is unavailable
     */
    default void removeKey(String subject, StoreKey key) {}
}
