package dev.sojourn;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records of each subject in a {@link MemoryStore}, oldest first. The store updates it together with the
 * records, so callers need not enter keys in advance.
 *
 * <p>A successor is younger than the record it replaces, so it comes later: a list that is read page by page reaches
 * it.
 */
final class MemoryUserIndex implements UserIndex {
    private final ConcurrentHashMap<String, UserRecords> bySubject = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Epoch> epochs = new ConcurrentHashMap<>();
    /** Each subject that has an epoch, once; the epochs that may be dropped first are in front. */
    private final ConcurrentLinkedQueue<String> withEpoch = new ConcurrentLinkedQueue<>();

    private final InstantSource time;
    private final Records records;

    /** The indexed records. */
    interface Records {
        /** Returns the current entry of a key, or null. */
        @Nullable
        MemoryEntry lookUp(StoreKey key);
    }

    /** The records of one subject by number. Keeps a count, because a concurrent map would count one by one. */
    private static final class UserRecords {
        private final NavigableMap<Long, StoreKey> byNumber = new ConcurrentSkipListMap<>();
        /** Written only within the lock of {@link #bySubject}. */
        private int count;
    }

    private record Epoch(long value, Instant keepUntil) {}

    MemoryUserIndex(InstantSource time, Records records) {
        this.time = time;
        this.records = records;
    }

    /**
     * Adds a record that is in the store.
     *
     * @return how many records its subject has
     */
    int add(String subject, StoreKey key, long number) {
        UserRecords ofSubject = bySubject.compute(subject, (user, present) -> {
            if (!isStored(key, number)) {
                return present;
            }
            UserRecords all = present == null ? new UserRecords() : present;
            all.byNumber.put(number, key);
            all.count++;
            return all;
        });
        return ofSubject == null ? 0 : ofSubject.count;
    }

    /**
     * Returns whether the record is still in the store. Called within the map's lock, so that a concurrent removal
     * follows the addition.
     */
    private boolean isStored(StoreKey key, long number) {
        MemoryEntry held = records.lookUp(key);
        return held != null && held.number() == number;
    }

    void remove(String subject, long number) {
        bySubject.computeIfPresent(subject, (user, all) -> {
            if (all.byNumber.remove(number) != null) {
                all.count--;
            }
            return all.count == 0 ? null : all;
        });
    }

    /** Returns the oldest record of a subject, or null. */
    @Nullable
    StoreKey oldest(String subject) {
        UserRecords ofSubject = bySubject.get(subject);
        Map.Entry<Long, StoreKey> first = ofSubject == null ? null : ofSubject.byNumber.firstEntry();
        return first == null ? null : first.getValue();
    }

    int users() {
        return bySubject.size();
    }

    int epochs() {
        return epochs.size();
    }

    @Override
    public long enter(String subject, StoreKey key, Instant keepUntil) {
        Epoch epoch = epochs.get(subject);
        return epoch == null ? 0 : epoch.value();
    }

    @Override
    public void advanceEpoch(String subject, Instant keepUntil) {
        Instant now = time.instant();
        dropExpiredEpochs(now);
        long value = ThreadLocalRandom.current().nextLong();
        Instant shortest = now.plus(MIN_EPOCH_LIFETIME);
        Epoch epoch = new Epoch(value == 0 ? 1 : value, keepUntil.isAfter(shortest) ? keepUntil : shortest);
        if (epochs.put(subject, epoch) == null) {
            withEpoch.add(subject);
        }
    }

    /**
     * Checks two epochs for each one that may be added, so that they do not pile up and no call checks all of them.
     */
    private void dropExpiredEpochs(Instant now) {
        for (int i = 0; i < 2; i++) {
            String subject = withEpoch.poll();
            Epoch kept = subject == null ? null : epochs.get(subject);
            if (kept == null) {
                return;
            }
            boolean dropped = kept.keepUntil().isBefore(now) && epochs.remove(subject, kept);
            if (!dropped) {
                withEpoch.add(subject);
            }
        }
    }

    @Override
    public List<Entry> find(String subject, @Nullable Entry after, int limit) {
        UserRecords ofSubject = bySubject.get(subject);
        if (ofSubject == null) {
            return List.of();
        }
        MemoryEntry last = after == null ? null : records.lookUp(after.key());
        NavigableMap<Long, StoreKey> rest =
                last == null ? ofSubject.byNumber : ofSubject.byNumber.tailMap(last.number(), false);
        return rest.values().stream()
                .limit(limit)
                .map(key -> new Entry(Objects.requireNonNull(key), Instant.EPOCH))
                .toList();
    }

    /** Does nothing: an entry is removed together with its record. */
    @Override
    public void drop(String subject, Entry entry) {}
}
