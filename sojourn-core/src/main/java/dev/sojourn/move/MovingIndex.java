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
 * Two indexes as one. Each is looked into after the other one: a session that leaves one store while somebody looks was
 * entered in the other one's index before, and is found there, whichever way sessions move. Every node advances and
 * compares both epochs, so an end of all is heard of by a sign-in wherever either of them writes.
 *
 * <p>A page is cut out of all entries of the user, in the order of their keys.
 */
final class MovingIndex implements UserIndex {
    private static final int PAGE = 1_000;
    /** Odd, so that no two epochs of one store become the same. */
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private final UserIndex one;
    private final UserIndex other;

    MovingIndex(UserIndex one, UserIndex other) {
        this.one = one;
        this.other = other;
    }

    @Override
    public long enter(String subject, StoreKey key, Instant until) {
        long first = one.enter(subject, key, until);
        long second = other.enter(subject, key, until);
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
                    (first, second) -> first.until().isAfter(second.until()) ? first : second));
            if (page.size() < PAGE) {
                return;
            }
            last = page.get(page.size() - 1);
        }
    }

    /** Where the two are entered for different times the later one goes now, the other one when it is met again. */
    @Override
    public void drop(String subject, Entry entry) {
        one.drop(subject, entry);
        other.drop(subject, entry);
    }

    @Override
    public void leave(String subject, StoreKey key) {
        one.leave(subject, key);
        other.leave(subject, key);
    }
}
