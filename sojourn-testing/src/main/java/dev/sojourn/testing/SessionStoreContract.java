package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.spi.SessionStore;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link SessionStore}, one test each. The author of a store extends this class, opens the store, and
 * declares what it lacks:
 *
 * <pre>{@code
 * class MyStoreTest extends SessionStoreContract {
 *     @Override
 *     protected SessionStore open() {
 *         return new MyStore(emptyDatabase());
 *     }
 *
 *     @Override
 *     protected Set<Capability> missingCapabilities() {
 *         return Set.of(Capability.EXPIRY_SWEEP);
 *     }
 * }
 * }</pre>
 *
 * <p>No test waits for time to pass. The store may remove records by the real clock.
 */
public abstract class SessionStoreContract extends StoreContractUserIndex {
    // The rules are in the superclasses: StoreContractCalls, …Values, …Expiry, …Concurrency, …Sweep and …UserIndex.

    /** Something that a store can do in addition to its five calls, and may lack. */
    public enum Capability {
        /** {@link SessionStore#userIndex}. */
        USER_INDEX,
        /** {@link SessionStore#expirySweep}. A store that has it needs a {@link #STORE_CLOCK} too. */
        EXPIRY_SWEEP,
        /** {@link SessionStore#storeClock}. */
        STORE_CLOCK,
        /**
         * Keeps an expired record for {@link SessionStore#GRACE_PERIOD}. The interface requires it. Only a store over
         * another library's records may lack it, if that library takes every present record for a live session. Such a
         * store removes each record at its expiry.
         */
        EXPIRED_RECORDS
    }

    /** For subclasses. */
    protected SessionStoreContract() {}

    /**
     * Opens a store without records. Called once for each test.
     *
     * @return the store, closed after the test
     * @throws Exception if it cannot be opened
     */
    @Override
    protected abstract SessionStore open() throws Exception;

    /**
     * Opens a second store over the same data, as another node has it. Half of the concurrent calls go through it.
     * Default: the same store.
     *
     * @param first the store that {@link #open} returned
     * @return the store, closed after the test
     * @throws Exception if it cannot be opened
     */
    @Override
    protected SessionStore openAnother(SessionStore first) throws Exception {
        return first;
    }

    /**
     * Returns what this store lacks. For each of these capabilities the contract checks that the store does not have
     * it, instead of the rules about it. A store that lacks a capability without declaring it fails. Default: none.
     *
     * @return the missing capabilities
     */
    @Override
    protected Set<Capability> missingCapabilities() {
        return Set.of();
    }

    @Test
    final void a_store_has_all_capabilities_except_the_declared_ones_each_time_it_is_asked() {
        for (int i = 0; i < 3; i++) {
            assertEquals(has(Capability.USER_INDEX), store().userIndex().isPresent(), "userIndex()");
            assertEquals(has(Capability.EXPIRY_SWEEP), store().expirySweep().isPresent(), "expirySweep()");
            assertEquals(has(Capability.STORE_CLOCK), store().storeClock().isPresent(), "storeClock()");
            create(key(), session(1));
        }
        assertTrue(
                has(Capability.STORE_CLOCK) || !has(Capability.EXPIRY_SWEEP),
                "a store with a sweep has a clock: no sweep relies on the clock of one node");
    }
}
