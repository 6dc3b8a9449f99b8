package dev.sojourn.proof.interleavings;

import dev.sojourn.proof.interleavings.GatedStore.Call;
import dev.sojourn.proof.interleavings.GatedStore.Kind;
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
 * A user index that is separate from the records, as in a cluster: it contains only what was entered, and its calls wait for
 * the scheduler like those of the store.
 */
final class GatedIndex implements UserIndex {
    private final String name;
    private final Versions versions;
    private final Map<String, Map<String, Instant>> entries = new HashMap<>();
    private final Map<String, Long> epochs = new HashMap<>();
    /** The epoch that the first {@code enter} of each key returned. */
    private final Map<StoreKey, Long> firstEpochs = new HashMap<>();

    GatedIndex(String name, Versions versions) {
        this.name = name;
        this.versions = versions;
    }

    void reset() {
        entries.clear();
        epochs.clear();
        firstEpochs.clear();
    }

    /** Describes all entries and epochs. */
    String state() {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(entries)
                .forEach((subject, keys) -> text.append(keys.isEmpty() ? "" : name + subject + keys + "\n"));
        text.append(new TreeMap<>(epochs));
        Map<String, Long> first = new TreeMap<>();
        firstEpochs.forEach((key, epoch) -> first.put(key.text(), epoch));
        return text.append(first).append('\n').toString();
    }

    /** Returns whether a key was first entered after the start of the last {@code endAll} of its user. */
    boolean wasEnteredAfterEndAll(String subject, StoreKey key) {
        return firstEpochs.getOrDefault(key, -1L).equals(epochs.getOrDefault(subject, 0L));
    }

    /** Returns whether an {@code endAll} of a user has started; otherwise the previous method has no meaning. */
    boolean hasEndAllStarted(String subject) {
        return epochs.containsKey(subject);
    }

    boolean contains(String subject, StoreKey key) {
        return of(subject).containsKey(key.text());
    }

    /** Returns the expiry of a key's entry; the epoch of 1970 if there is no entry. */
    Instant expiryOf(String subject, StoreKey key) {
        return of(subject).getOrDefault(key.text(), Instant.EPOCH);
    }

    @Override
    public long enter(String subject, StoreKey key, Instant until) {
        return call("enter", subject, Kind.WRITE, () -> {
            of(subject).merge(key.text(), until, (one, other) -> one.isAfter(other) ? one : other);
            long epoch = epochs.getOrDefault(subject, 0L);
            firstEpochs.putIfAbsent(key, epoch);
            return epoch;
        });
    }

    @Override
    public void advanceEpoch(String subject, Instant keepUntil) {
        call("advanceEpoch", subject, Kind.WRITE, () -> epochs.merge(subject, 1L, Long::sum));
    }

    @Override
    public List<Entry> find(String subject, @Nullable Entry after, int limit) {
        return call("find", subject, Kind.READ, () -> {
            List<Entry> found = new ArrayList<>();
            of(subject).forEach((key, until) -> found.add(new Entry(StoreKey.of(key), until)));
            return found;
        });
    }

    @Override
    public void drop(String subject, Entry entry) {
        call("drop", subject, Kind.WRITE, () -> of(subject).remove(entry.key().text(), entry.keepUntil()));
    }

    @Override
    public void removeKey(String subject, StoreKey key) {
        call("removeKey", subject, Kind.WRITE, () -> {
            of(subject).remove(key.text());
            return true;
        });
    }

    /** Returns the keys of all entries of a user. */
    List<StoreKey> keysOf(String subject) {
        return of(subject).keySet().stream().map(StoreKey::of).toList();
    }

    private Map<String, Instant> of(String subject) {
        return entries.computeIfAbsent(subject, any -> new TreeMap<>());
    }

    private <T> T call(String call, String subject, Kind kind, Supplier<T> work) {
        return Actor.call(new Call(call, StoreKey.of(name + "user " + subject), kind, versions, work), work);
    }
}
