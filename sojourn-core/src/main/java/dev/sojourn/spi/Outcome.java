package dev.sojourn.spi;

import java.util.Objects;
import java.util.Optional;

/** The outcome of a store call that named the state it replaces: done, or lost to another write. */
public sealed interface Outcome {
    /** The only done outcome. */
    Outcome DONE = new Done();

    /**
     * Returns the outcome of a call that lost to another record.
     *
     * @param current the record that the store holds
     * @return the outcome
     */
    static Outcome lost(StoredSession current) {
        return new Lost(Optional.of(current));
    }

    /**
     * Returns the outcome of a call that lost because the store has no record under the key.
     *
     * @return the outcome
     */
    static Outcome absent() {
        return new Lost(Optional.empty());
    }

    /** The call took effect, exactly once. */
    record Done() implements Outcome {}

    /**
     * The call had no effect and never will.
     *
     * @param current the present record, so that a replay costs one trip; empty if there is none
     */
    record Lost(Optional<StoredSession> current) implements Outcome {
        /**
         * Checks that the present record is given.
         *
         * @param current the present record, or empty
         */
        public Lost {
            Objects.requireNonNull(current, "current");
        }
    }
}
