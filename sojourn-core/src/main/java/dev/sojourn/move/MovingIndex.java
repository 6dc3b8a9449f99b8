package dev.sojourn.move;

import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Combines two user indexes. Each is read after the other one: a session that leaves one store during a read was
 * entered in the other index before, and is found there, in whichever direction sessions move. Every node advances and
 * compares both epochs, so a login detects {@code endAll} in whichever store it writes.
 *
 * <p>A page is cut from all entries of the user, in the order of their keys.
 */
final class MovingIndex implements UserIndex {
    private static final int PAGE = 1_000;
    /** Odd, so that no two epochs of one store map to the same value. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private final UserIndex one;
    private final UserIndex other;

    MovingIndex(UserIndex one, UserIndex other) {
        this.one = one;
        this.other = other;
    }

    @Override
    public long enter(String subject, StoreKey key, Instant keepUntil) {
        long first = one.enter(subject, key, keepUntil);
        long second = other.enter(subject, key, keepUntil);
        if (first == 0 && second == 0) {
            return 0;
        }
        long both = first * SPREAD + second;
        return both == 0 ? 1 : both;
    }

    @Override
    public void advanceEpoch(String subject, Instant keepUntil) {
        one.advanceEpoch(subject, keepUntil);
        other.advanceEpoch(subject, keepUntil);
    }

    @Override
    public List<Entry> find(String subject, @Nullable Entry after, int limit) {
        NavigableMap<String, Entry> all = new TreeMap<>();
        collect(one, subject, all);
        collect(other, subject, all);
        collect(one, subject, all);
        Map<String, Entry> rest = after == null ? all : all.tailMap(after.key().text(), false);
        return rest.values().stream().limit(limit).toList();
    }

    private static void collect(UserIndex from, String subject, Map<String, Entry> all) {
        Entry last = null;
        while (true) {
            List<Entry> page = from.find(subject, last, PAGE);
            page.forEach(entry -> all.merge(
                    entry.key().text(),
                    entry,
                    (first, second) -> first.keepUntil().isAfter(second.keepUntil()) ? first : second));
            if (page.size() < PAGE) {
                return;
            }
            last = page.get(page.size() - 1);
        }
    }

    /**
     * If the two have entries for different times, drops the later one; the other one is dropped when it is found
     * again.
     */
    @Override
    public void drop(String subject, Entry entry) {
        one.drop(subject, entry);
        other.drop(subject, entry);
    }

    @Override
    public void removeKey(String subject, StoreKey key) {
        one.removeKey(subject, key);
        other.removeKey(subject, key);
    }
}
