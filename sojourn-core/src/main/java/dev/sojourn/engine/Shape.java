package dev.sojourn.engine;

import org.jspecify.annotations.Nullable;

/** What is known of how values that are declared as one type read back from JSON. */
interface Shape {
    /** Nothing is known: each value is written, read and compared. */
    Shape UNKNOWN = (value, inspection) -> false;

    /**
     * Returns whether a value certainly reads back unchanged. If it may or may not, the result is false.
     *
     * @throws ValueRefusal if it cannot
     */
    boolean survives(@Nullable Object value, ValueInspection inspection);
}
