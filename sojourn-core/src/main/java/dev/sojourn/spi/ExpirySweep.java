package dev.sojourn.spi;

import java.time.Instant;
import java.util.function.BiConsumer;

/** Finds expired records, tells of each, then forgets it: a crash in between tells of it again. */
@FunctionalInterface
public interface ExpirySweep {
    /**
     * Delivers and then forgets records that had expired before an instant.
     *
     * @param expiredBefore only records whose {@code expiresAt} is before this
     * @param limit how many records at most, at least 1
     * @param deliver told of each record before it is forgotten; what it throws goes up and the record stays
     * @return how many were forgotten
     * @throws StoreException if the store cannot answer
     */
    int sweep(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver);
}
