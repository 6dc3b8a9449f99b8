package dev.sojourn.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sessions of a user. It may name keys that are gone or that belong to somebody else by now; it never misses
 * a live one that was created before the call.
 */
@FunctionalInterface
public interface SubjectIndex {
    /**
     * The next keys of a user's sessions, in an order that is the same in every call.
     *
     * @param subject the user
     * @param after the last key of the page before, or null for the first page
     * @param limit how many keys at most, at least 1
     * @return the keys; fewer than {@code limit} only at the end
     * @throws StoreException if the store cannot answer
     */
    List<StoreKey> find(String subject, @Nullable StoreKey after, int limit);
}
