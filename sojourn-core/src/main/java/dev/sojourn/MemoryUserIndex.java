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
 * Which records of a {@link MemoryStore} belong to whom, the oldest first. The store writes it along with the records, so
 * there is nothing to enter beforehand.
 *
 * <p>A record that takes another one's place is younger, so it stands behind it: a list that is read page by page comes to it.
 */
final class MemoryUserIndex implements UserIndex {
    private final ConcurrentHashMap<String, Owned> owners = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Epoch> epochs = new ConcurrentHashMap<>();
    /** Each user who has an epoch, once, those whose epoch may be forgotten first in front. */
    private final ConcurrentLinkedQueue<String> withEpoch = new ConcurrentLinkedQueue<>();

    private final InstantSource time;
    private final Records records;

    /** The records that are registered. */
    interface Records {
        /** What stands under a key now, or null. */
        @Nullable
        MemoryEntry lookUp(StoreKey key);
    }

    /** A user's records by their numbers. Counted, because a concurrent map would count them one by one. */
    private static final class Owned {
        private final NavigableMap<Long, StoreKey> byNumber = new ConcurrentSkipListMap<>();
        /** Written within the lock of {@link #owners} only. */
        private int count;
    }

    private record Epoch(long value, Instant keepUntil) {}

    MemoryUserIndex(InstantSource time, Records records) {
        this.time = time;
        this.records = records;
    }

    /**
     * Registers a record that stands in the store.
     *
     * @return how many its user has
     */
    int added(String subject, StoreKey key, long number) {
        Owned owned = owners.compute(subject, (user, present) -> {
            if (!stands(key, number)) {
                return present;
            }
            Owned all = present == null ? new Owned() : present;
            all.byNumber.put(number, key);
            all.count++;
            return all;
        });
        return owned == null ? 0 : owned.count;
    }

    /** Within the map's lock: a record that is removed meanwhile is taken out again only after it was put in. */
    private boolean stands(StoreKey key, long number) {
        MemoryEntry held = records.lookUp(key);
        return held != null && held.number() == number;
    }

    void removed(String subject, long number) {
        owners.computeIfPresent(subject, (user, all) -> {
            if (all.byNumber.remove(number) != null) {
                all.count--;
            }
            return all.count == 0 ? null : all;
        });
    }

    /** A user's oldest record, or null. */
    @Nullable
    StoreKey oldest(String subject) {
        Owned owned = owners.get(subject);
        Map.Entry<Long, StoreKey> first = owned == null ? null : owned.byNumber.firstEntry();
        return first == null ? null : first.getValue();
    }

    int users() {
        return owners.size();
    }

    int epochs() {
        return epochs.size();
    }

    @Override
    public long enter(String subject, StoreKey key, Instant until) {
        Epoch epoch = epochs.get(subject);
        return epoch == null ? 0 : epoch.value();
    }

    @Override
    public void advanceEpoch(String subject, Instant keepUntil) {
        Instant now = time.instant();
        forgetSome(now);
        long value = ThreadLocalRandom.current().nextLong();
        Instant shortest = now.plus(SHORTEST_EPOCH);
        Epoch epoch = new Epoch(value == 0 ? 1 : value, keepUntil.isAfter(shortest) ? keepUntil : shortest);
        if (epochs.put(subject, epoch) == null) {
            withEpoch.add(subject);
        }
    }

    /** Looks at two for each that may come: they do not pile up, and no call looks at all of them. */
    private void forgetSome(Instant now) {
        for (int i = 0; i < 2; i++) {
            String subject = withEpoch.poll();
            Epoch kept = subject == null ? null : epochs.get(subject);
            if (kept == null) {
                return;
            }
            boolean forgotten = kept.keepUntil().isBefore(now) && epochs.remove(subject, kept);
            if (!forgotten) {
                withEpoch.add(subject);
            }
        }
    }

    @Override
    public List<Entry> find(String subject, @Nullable Entry after, int limit) {
        Owned owned = owners.get(subject);
        if (owned == null) {
            return List.of();
        }
        MemoryEntry last = after == null ? null : records.lookUp(after.key());
        NavigableMap<Long, StoreKey> rest =
                last == null ? owned.byNumber : owned.byNumber.tailMap(last.number(), false);
        return rest.values().stream()
                .limit(limit)
                .map(key -> new Entry(Objects.requireNonNull(key), Instant.EPOCH))
                .toList();
    }

    /** Nothing to do: an entry goes with its record. */
    @Override
    public void drop(String subject, Entry entry) {}
}
