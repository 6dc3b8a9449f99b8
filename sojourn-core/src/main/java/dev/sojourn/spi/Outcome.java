package dev.sojourn.spi;

import java.util.Objects;
import java.util.Optional;

/** What became of a mutation that named the state it replaces: it was done, or it lost to somebody else. */
public sealed interface Outcome {
    /** The one done outcome. */
    Outcome DONE = new Done();

    /**
     * The mutation lost, and this stands there now.
     *
     * @param current what the store holds instead
     * @return the outcome
     */
    static Outcome lost(StoredSession current) {
        return new Lost(Optional.of(current));
    }

    /**
     * The mutation lost because the store holds no record under the key.
     *
     * @return the outcome
     */
    static Outcome gone() {
        return new Lost(Optional.empty());
    }

    /** The mutation happened, exactly once. */
    record Done() implements Outcome {}

    /**
     * The mutation did not happen and never will.
     *
     * @param current what stands there now, so that a replay costs one trip; empty where there is no record
     */
    record Lost(Optional<StoredSession> current) implements Outcome {
        /**
         * Checks that the current state is told.
         *
         * @param current what stands there now, or empty
         */
        public Lost {
            Objects.requireNonNull(current, "current");
        }
    }
}
