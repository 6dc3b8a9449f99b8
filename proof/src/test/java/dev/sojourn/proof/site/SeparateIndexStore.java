package dev.sojourn.proof.site;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import dev.sojourn.testing.SettableClock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A memory store whose user index is separate from the records, as in Redis: an entry stays until it is dropped or expires.
 * {@link MemoryStore} removes entries with their records, so it would hide an engine that does not.
 */
public final class SeparateIndexStore extends ForwardingStore implements UserIndex {
    private static final Comparator<Entry> ORDER = Comparator.comparing(Entry::keepUntil)
            .thenComparing(entry -> entry.key().text());

    private final MemoryStore records;
    private final SettableClock clock;
    private final Map<String, Map<StoreKey, Instant>> entries = new ConcurrentHashMap<>();
    private final AtomicInteger enterCalls = new AtomicInteger();

    /** Creates an empty store that uses this clock for the expiry of records and entries. */
    public SeparateIndexStore(SettableClock clock) {
        this.clock = clock;
        this.records = MemoryStore.builder().clock(clock).build();
    }

    /** Returns the number of calls of {@code enter}. */
    public int enterCalls() {
        return enterCalls.get();
    }

    /** Returns all user-index entries of a user. */
    public List<Entry> entries(String subject) {
        return find(subject, null, Integer.MAX_VALUE);
    }

    @Override
    protected SessionStore store() {
        return records;
    }

    @Override
    public Optional<UserIndex> userIndex() {
        return Optional.of(this);
    }

    private Map<StoreKey, Instant> of(String subject) {
        Map<StoreKey, Instant> all = entries.computeIfAbsent(subject, any -> new ConcurrentHashMap<>());
        all.values().removeIf(until -> until.isBefore(clock.instant()));
        return all;
    }

    @Override
    public long enter(String subject, StoreKey key, Instant until) {
        enterCalls.incrementAndGet();
        of(subject).merge(key, until, (one, other) -> one.isAfter(other) ? one : other);
        return records.userIndex().orElseThrow().enter(subject, key, until);
    }

    @Override
    public void advanceEpoch(String subject, Instant keepUntil) {
        records.userIndex().orElseThrow().advanceEpoch(subject, keepUntil);
    }

    @Override
    public List<Entry> find(String subject, @Nullable Entry after, int limit) {
        return of(subject).entrySet().stream()
                .map(each -> new Entry(each.getKey(), each.getValue()))
                .sorted(ORDER)
                .filter(entry -> after == null || ORDER.compare(entry, after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public void drop(String subject, Entry entry) {
        of(subject).remove(entry.key(), entry.keepUntil());
    }

    @Override
    public void removeKey(String subject, StoreKey key) {
        of(subject).remove(key);
    }
}
