package dev.sojourn.proof.interleavings;

import dev.sojourn.proof.interleavings.GatedStore.Call;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An index that lies apart from the records, as in a cluster: it knows only what was entered, and its calls wait for the
 * scheduler like the store's.
 */
final class GatedIndex implements UserIndex {
    private final String name;
    private final Map<String, Map<String, Instant>> entries = new HashMap<>();
    private final Map<String, Long> epochs = new HashMap<>();
    /** The epoch that each key's first entry told. */
    private final Map<StoreKey, Long> firstEpochs = new HashMap<>();

    GatedIndex(String name) {
        this.name = name;
    }

    void renew() {
        entries.clear();
        epochs.clear();
        firstEpochs.clear();
    }

    /** Whether a key was first entered after the last end of all of its user's sessions had begun. */
    boolean wasEnteredSinceTheEnd(String subject, StoreKey key) {
        return firstEpochs.getOrDefault(key, -1L).equals(epochs.getOrDefault(subject, 0L));
    }

    /** Whether any end of a user's sessions has begun: only then it says something that a key was entered since. */
    boolean anEndHasBegun(String subject) {
        return epochs.containsKey(subject);
    }

    boolean names(String subject, StoreKey key) {
        return of(subject).containsKey(key.text());
    }

    /** Until when a key is named; the beginning of time if it is not. */
    Instant namedUntil(String subject, StoreKey key) {
        return of(subject).getOrDefault(key.text(), Instant.EPOCH);
    }

    @Override
    public long enter(String subject, StoreKey key, Instant until) {
        return call("enter", subject, () -> {
            of(subject).merge(key.text(), until, (one, other) -> one.isAfter(other) ? one : other);
            long epoch = epochs.getOrDefault(subject, 0L);
            firstEpochs.putIfAbsent(key, epoch);
            return epoch;
        });
    }

    @Override
    public void advanceEpoch(String subject, Instant keepUntil) {
        call("advanceEpoch", subject, () -> epochs.merge(subject, 1L, Long::sum));
    }

    @Override
    public List<Entry> find(String subject, @Nullable Entry after, int limit) {
        return call("find", subject, () -> {
            List<Entry> found = new ArrayList<>();
            of(subject).forEach((key, until) -> found.add(new Entry(StoreKey.of(key), until)));
            return found;
        });
    }

    @Override
    public void drop(String subject, Entry entry) {
        call("drop", subject, () -> of(subject).remove(entry.key().text(), entry.keepUntil()));
    }

    @Override
    public void removeKey(String subject, StoreKey key) {
        call("leave", subject, () -> {
            of(subject).remove(key.text());
            return true;
        });
    }

    /** All keys that are named. */
    List<StoreKey> namedOf(String subject) {
        return of(subject).keySet().stream().map(StoreKey::of).toList();
    }

    private Map<String, Instant> of(String subject) {
        return entries.computeIfAbsent(subject, any -> new TreeMap<>());
    }

    private <T> T call(String call, String subject, Supplier<T> work) {
        return Actor.call(new Call(call, StoreKey.of(name + "user " + subject), work), work);
    }
}
