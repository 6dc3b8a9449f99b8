package dev.sojourn;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.SubjectIndex;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which records of a {@link MemoryStore} belong to whom. The store writes it along with the records, so there is nothing
 * to enter beforehand.
 */
final class SubjectRegister implements SubjectIndex {
    private static final Comparator<StoreKey> BY_TEXT = Comparator.comparing(StoreKey::text);

    private final ConcurrentHashMap<String, NavigableSet<StoreKey>> keys = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Epoch> epochs = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Predicate<StoreKey> stands;

    private record Epoch(long value, Instant keepUntil) {}

    SubjectRegister(Clock clock, Predicate<StoreKey> stands) {
        this.clock = clock;
        this.stands = stands;
    }

    void added(@Nullable String subject, StoreKey key) {
        if (subject != null) {
            keys.compute(subject, (user, present) -> {
                NavigableSet<StoreKey> all = present == null ? new ConcurrentSkipListSet<>(BY_TEXT) : present;
                all.add(key);
                return all;
            });
        }
    }

    /** Asks once more whether the record is gone, within the map's own lock: the key may just have been created anew. */
    void removed(@Nullable String subject, StoreKey key) {
        if (subject != null) {
            keys.computeIfPresent(subject, (user, all) -> {
                if (!stands.test(key)) {
                    all.remove(key);
                }
                return all.isEmpty() ? null : all;
            });
        }
    }

    @Override
    public long enter(String subject, StoreKey key, Instant until) {
        Epoch epoch = epochs.get(subject);
        return epoch == null ? 0 : epoch.value();
    }

    @Override
    public void advanceEpoch(String subject, Instant keepUntil) {
        Instant now = clock.instant();
        epochs.values().removeIf(epoch -> epoch.keepUntil().isBefore(now));
        long value = ThreadLocalRandom.current().nextLong();
        epochs.put(subject, new Epoch(value == 0 ? 1 : value, keepUntil));
    }

    @Override
    public List<Entry> find(String subject, @Nullable Entry after, int limit) {
        NavigableSet<StoreKey> all = keys.get(subject);
        if (all == null) {
            return List.of();
        }
        NavigableSet<StoreKey> rest = after == null ? all : all.tailSet(after.key(), false);
        return rest.stream()
                .limit(limit)
                .map(key -> new Entry(key, Instant.EPOCH))
                .toList();
    }

    /** Nothing to do: an entry goes with its record. */
    @Override
    public void drop(String subject, Entry entry) {}
}
