package dev.sojourn.engine;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.PriorityBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Reads the comparator of a collection. */
final class Comparators {
    private Comparators() {}

    /** Returns a collection's or map's comparator, or null if it has none or the natural one. */
    static @Nullable Comparator<?> of(Object ordered) {
        Comparator<?> comparator = null;
        if (ordered instanceof SortedMap<?, ?> map) {
            comparator = map.comparator();
        } else if (ordered instanceof SortedSet<?> set) {
            comparator = set.comparator();
        } else if (ordered instanceof PriorityQueue<?> queue) {
            comparator = queue.comparator();
        } else if (ordered instanceof PriorityBlockingQueue<?> queue) {
            comparator = queue.comparator();
        }
        return comparator == Comparator.naturalOrder() ? null : comparator;
    }
}
