package dev.sojourn.spi;

import java.time.Instant;
import java.util.function.BiConsumer;

/**
 * Finds expired records, reports each, then removes it: after a crash in between it is reported again. If several nodes
 * sweep concurrently, one does and the others return at once.
 *
 * <p>No lock is held while a record is reported: the callback may take its time and may use the store.
 */
@FunctionalInterface
public interface ExpirySweep {
    /**
     * Reports and then removes records that expired before an instant.
     *
     * @param expiredBefore only records whose {@code expiresAt} is before this
     * @param limit the maximum number of records, at least 1
     * @param deliver called with each record before it is removed. If it throws, the record stays and a later call
     *     reports it again; the sweep rethrows, at once or after the remaining records ({@link FirstFailure}). However
     *     often it throws for one record, the others are swept, by this call or by the next ones
     * @return how many were removed
     * @throws StoreException if the store is unavailable
     */
    int sweep(Instant expiredBefore, int limit, BiConsumer<StoreKey, StoredSession> deliver);
}
