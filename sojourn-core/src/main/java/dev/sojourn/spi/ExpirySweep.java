package dev.sojourn.spi;

import java.time.Instant;
import java.util.function.BiConsumer;

/**
 * Finds expired records, tells of each, then forgets it: a crash in between tells of it again. Of several nodes that
 * sweep at the same time, one does and the others return at once.
 *
 * <p>No lock is held while a record is told of: whoever is told may take its time, and may use the store.
 */
@FunctionalInterface
public interface ExpirySweep {
    /**
     * Delivers and then forgets records that had expired before an instant.
     *
     * @param expiredBefore only records whose {@code expiresAt} is before this
     * @param limit how many records at most, at least 1
     * @param deliver told of each record before it is forgotten. A record at which it throws stays and is told of again by
     *     a later call; what it threw goes up, at once or when the others were told of. However often it throws at one
     *     record, the others are swept, by this call or by the next ones
     * @return how many were forgotten
     * @throws StoreException if the store cannot answer
     */
    int sweep(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver);
}
