package dev.sojourn.engine;

import org.jspecify.annotations.Nullable;

/** What is known of how values that are declared as one type come back from JSON. */
interface Shape {
    /** Knows nothing: each value is written, read and compared. */
    Shape UNKNOWN = (value, look) -> false;

    /**
     * Returns whether a value comes back as it is for sure. Where it may or may not, the answer is false.
     *
     * @throws Refusal if it cannot
     */
    boolean sure(@Nullable Object value, ValueInspection look);
}
